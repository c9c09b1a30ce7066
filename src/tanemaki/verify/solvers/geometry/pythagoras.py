"""Other theorems on the same lengths: Heron's, Brahmagupta's, the parallelogram law; or the search for a side."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isqrt

from tanemaki.core.record import Json
from tanemaki.verify.solvers.geometry._decimals import said


def solve(p: Mapping[str, Json]) -> Json:
    """Return the length or the area."""
    form = p["form"]
    if form in ("hypotenuse", "leg"):
        return _searched(p)
    if form == "isosceles":
        equal, base = (int(Fraction(p[key]) * 10) for key in ("equal", "base"))
        return said(Fraction(_heron(equal, equal, base), 100))
    if form == "distance":
        found = abs(complex(p["x"], p["y"]) - complex(p["other_x"], p["other_y"]))
        return int(found) if found.is_integer() else found
    if form == "rhombus":  # the squares of the sides are together those of the diagonals
        one, two = (int(Fraction(p[key]) * 10) for key in ("one_diagonal", "other_diagonal"))
        return said(Fraction(2 * isqrt(one * one + two * two), 10))
    if form == "trapezium":  # its corners lie on a circle
        sides = (p["upper"], p["lower"], p["slanted"], p["slanted"])
        whole = sum(sides)
        product = 1
        for side in sides:
            product *= whole - 2 * side
        return isqrt(product) // 4
    return _top(p["length"], p["near"]) - _top(p["length"], p["far"])


def _searched(p: Mapping[str, Json]) -> Json:
    """Two squares grow until they are as large as the third: by odd numbers, without a root."""
    one = Fraction(p["one"]) * 10
    wanted = (
        (Fraction(p["two"]) * 10) ** 2 + one**2 if "two" in p else (Fraction(p["long"]) * 10) ** 2 - one**2
    )
    target, square, side = int(wanted), 0, 0
    while square < target:
        square += 2 * side + 1
        side += 1
    return said(Fraction(side, 10))


def _heron(one: int, two: int, three: int) -> int:
    whole = one + two + three
    return isqrt(whole * (whole - 2 * one) * (whole - 2 * two) * (whole - 2 * three)) // 4


def _top(length: int, foot: int) -> int:
    """Twice the area of the triangle of wall, floor and ladder and its mirror image, over the foot."""
    return _heron(length, length, 2 * foot) // foot
