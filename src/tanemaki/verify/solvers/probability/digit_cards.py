"""Every number from 10 to 99 is looked at: can it be laid, and is it as asked?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the share of the numbers that can be laid and are as asked."""
    shown = {str(digit) for digit in p["digits"]}
    laid = [n for n in range(10, 100) if len(set(str(n)) & shown) == len(str(n))]
    fits = {
        "even": [n for n in laid if str(n)[-1] in "02468"],
        "odd": [n for n in laid if str(n)[-1] in "13579"],
        "multiple_of_3": [n for n in laid if n in range(0, 100, 3)],
        "larger": [n for n in laid if n > p.get("limit", 0)],
    }[p["asked"]]
    return str(Fraction(len(fits), len(laid)))
