"""By determinants: proportion keeps a product, Lagrange weighs two points, Cramer crosses two lines."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the one value of y with which the points lie on one graph."""
    x, y = p["x"], p["y"]
    if p["form"] == "inverse":
        found = Fraction(x * y, p["asked"])
    elif p["form"] == "direct":
        found = Fraction(y * p["asked"], x)
    elif p["form"] == "crossing":
        # Two lines as A x + B y = C, by Cramer's rule.
        a, b = p["other_y"] - y, x - p["other_x"]
        c = a * x + b * y
        d, e, f = p["factor"], -1, -p["constant"]
        found = Fraction(a * f - c * d, a * e - b * d)
    else:
        # Lagrange: each known value weighted by where the other point lies.
        one = Fraction(y * (p["asked"] - p["other_x"]), x - p["other_x"])
        found = one + Fraction(p["other_y"] * (p["asked"] - x), p["other_x"] - x)
    return found.numerator if found.denominator == 1 else str(found)
