"""Every outcome is thrown."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the share of the outcomes whose sum is as asked."""
    sides = [p[name] for name in ("sides_1", "sides_2", "sides_3") if name in p]
    sums = [sum(thrown) for thrown in product(*(range(1, n + 1) for n in sides))]
    asked, limit = p["asked"], p["limit"]
    fits = [
        one >= limit if asked == "at_least" else one <= limit if asked == "at_most" else one == limit
        for one in sums
    ]
    return str(Fraction(sum(fits), len(fits)))
