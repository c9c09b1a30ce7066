"""The figure is put on paper by coordinates, and the angle is measured."""

from __future__ import annotations

import cmath
import math
from collections.abc import Mapping, Sequence

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the measured angle in degrees; all are whole."""
    form = p["form"]
    if form in ("polygon", "quadrangle"):
        return round(
            _last_corner(p["angles"] if form == "polygon" else [p["first"], p["second"], p["third"]])
        )
    if form == "bend":
        top, bottom = 1j, 0j
        bend = _meet(top, -p["first"], bottom, p["second"])
        return round(_measured(bend, top, bottom))
    left, right = 0j, 1 + 0j
    if form == "isosceles":
        base = 90 - p["apex"] / 2
        apex = _meet(left, base, right, 180 - base)
        cut = _meet(apex, base + 180 + p["part"], left, 0)
        return round(_measured(cut, apex, right))
    if form == "bisectors":
        return round(_measured(_meet(left, p["first"] / 2, right, 180 - p["second"] / 2), left, right))
    third = _meet(left, p["first"], right, 180 - p["second"])
    if form == "outside":
        return round(_measured(third, left, third + (third - right)))
    return round(_measured(third, left, right))


def _meet(one: complex, heading: float, other: complex, other_heading: float) -> complex:
    way, other_way = cmath.rect(1, math.radians(heading)), cmath.rect(1, math.radians(other_heading))
    across = (way.conjugate() * other_way).imag
    return one + way * ((other - one).conjugate() * other_way).imag / across


def _measured(at: complex, one: complex, other: complex) -> float:
    return math.degrees(abs(cmath.phase((one - at) / (other - at))))


def _last_corner(known: Sequence[int]) -> float:
    """Draw the polygon around a circle that touches all of its sides, and measure the corner that closes it."""
    headings = [0.0]
    for angle in known:
        headings.append(headings[-1] + 180 - angle)
    turns = [*(180 - angle for angle in known), 360 - headings[-1]]
    corners = [
        cmath.rect(1 / math.cos(math.radians(turn / 2)), math.radians(heading + turn / 2))
        for heading, turn in zip(headings, turns, strict=True)
    ]
    return _measured(corners[-1], corners[-2], corners[0])
