"""Two cards are drawn one after the other, in every order."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import permutations

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the share of the ordered pairs whose sum is as asked."""
    sums = [one + two for one, two in permutations(p["cards"], 2)]
    fits = {
        "even": [one % 2 == 0 for one in sums],
        "odd": [one % 2 == 1 for one in sums],
        "multiple_of_3": [one % 3 == 0 for one in sums],
    }[p["asked"]]
    return str(Fraction(sum(fits), len(sums)))
