"""No mean is needed: half the mean square of the differences between all pairs is the variance."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return variance, standard deviation or the difference of two variances."""
    found = _variance(p["values"])
    if p["form"] == "difference":
        found -= _variance(p["others"])
    elif p["form"] == "deviation":
        found = next(Fraction(root) for root in range(100) if root * root == found)
    return found.numerator if found.denominator == 1 else str(found)


def _variance(values: list[int]) -> Fraction:
    return Fraction(sum((one - other) ** 2 for one in values for other in values), 2 * len(values) ** 2)
