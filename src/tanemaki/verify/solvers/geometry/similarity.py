"""Lengths by trying every number in the proportion, areas by coordinates and the shoelace sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from tanemaki.core.record import Json

_Point = tuple[Fraction, Fraction]


def solve(p: Mapping[str, Json]) -> Json:
    """Return the length or the area; all come out whole."""
    form = p["form"]
    if form == "side":
        return _fourth(p["side"], p["other_side"], p["known"])
    if form == "shadow":
        return _fourth(p["shadow"], p["height"], p["tall_shadow"])
    if form == "parallel":
        return _fourth(p["upper"] + p["lower"], p["upper"], p["base"])
    area = Fraction(p["area"])
    zero = Fraction(0)
    if form == "area":
        side, other = Fraction(p["side"]), Fraction(p["other_side"])
        height = 2 * area / side
        return _whole([(zero, zero), (other, zero), (zero, height * other / side)])
    if form == "left":  # A in the origin, AB along the axis
        upper, whole = Fraction(p["upper"]), Fraction(p["upper"] + p["lower"])
        height = 2 * area / upper
        return _whole([(upper, zero), (whole, zero), (zero, height * whole / upper), (zero, height)])
    top, bottom = Fraction(p["top"]), Fraction(p["bottom"])
    height = 2 * area / top  # of O below AD; the lines AO and DO go on to the length of BC
    below = height * bottom / top
    return _whole([(zero, zero), (top, zero), (bottom, height + below), (zero, height + below)])


def _fourth(one: int, two: int, three: int) -> int:
    found = 1
    while one * found < two * three:
        found += 1
    return found if one * found == two * three else -1


def _whole(corners: Sequence[_Point]) -> Json:
    around = zip(corners, [*corners[1:], corners[0]], strict=True)
    area = abs(sum((x * b - a * y for (x, y), (a, b) in around), Fraction(0))) / 2
    return int(area) if area.denominator == 1 else str(area)
