"""Every fraction of small numbers is put in: numerator by numerator over the few denominators."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the roots in order, in whole numbers or as fractions."""
    a, b, c = (one - other for one, other in zip(p["left"], p["right"], strict=True))
    found = {
        Fraction(n, d)
        for d in range(1, 7)
        for n in range(-30 * d, 30 * d + 1)
        if a * n * n + b * n * d + c * d * d == 0
    }
    return [x.numerator if x.denominator == 1 else str(x) for x in sorted(found)]
