"""The corners are put on paper, and the area is the shoelace sum over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.verify.solvers.geometry._decimals import said

_Corners = Sequence[tuple[Fraction, Fraction]]


def solve(p: Mapping[str, Json]) -> Json:
    """Return the area inside the corners; of a border, between the outer and the inner ones."""
    n = {key: Fraction(value) for key, value in p.items() if key not in ("form", "scene", "frame")}
    if p["form"] == "border":
        wide, tall, edge = n["wide"], n["tall"], n["border"]
        return said(
            _area(_box(-edge, -edge, wide + edge, tall + edge))
            - _area(_box(Fraction(0), Fraction(0), wide, tall))
        )
    return said(_area(_corners(p["form"], n)))


def _corners(form: str, n: Mapping[str, Fraction]) -> _Corners:
    zero = Fraction(0)
    if form == "triangle":
        return [(zero, zero), (n["base"], zero), (n["base"] / 3, n["height"])]
    if form == "rhombus":
        x, y = n["long_diagonal"] / 2, n["short_diagonal"] / 2
        return [(x, zero), (zero, y), (-x, zero), (zero, -y)]
    if form == "trapezium":
        return [(zero, zero), (n["lower"], zero), (n["upper"] + 1, n["height"]), (Fraction(1), n["height"])]
    if form == "corner":
        x, y = n["wide"] - n["cut_wide"], n["tall"] - n["cut_tall"]
        return [(zero, zero), (n["wide"], zero), (n["wide"], y), (x, y), (x, n["tall"]), (zero, n["tall"])]
    width, wall = n["width"], n["wall"]
    return [(zero, zero), (width, zero), (width, wall), (width / 2, wall + n["roof"]), (zero, wall)]


def _box(x: Fraction, y: Fraction, right: Fraction, top: Fraction) -> _Corners:
    return [(x, y), (right, y), (right, top), (x, top)]


def _area(corners: _Corners) -> Fraction:
    around = zip(corners, [*corners[1:], corners[0]], strict=True)
    return abs(sum((x * b - a * y for (x, y), (a, b) in around), Fraction(0))) / 2
