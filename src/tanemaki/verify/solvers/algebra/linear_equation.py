"""False position: the gap between the sides at two values of x shows where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the x at which the gap vanishes."""

    def gap(x: int) -> Fraction:
        left, right = (
            sum((Fraction(f * (a * x + b), d) for f, a, b, d in p[side]), Fraction(0))
            for side in ("left", "right")
        )
        return left - right

    at_nought = gap(0)
    found = at_nought / (at_nought - gap(1))
    return found.numerator if found.denominator == 1 else str(found)
