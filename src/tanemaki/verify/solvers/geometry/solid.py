"""Volumes by cutting the body into slices one centimetre thick, surfaces by walking around it face by face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.verify.solvers.geometry._decimals import said


def solve(p: Mapping[str, Json]) -> Json:
    """Return the volume, the surface or the depth."""
    form = p["form"]
    if form == "tank":
        return said(Fraction(sum(p["long"] * p["wide"] for _ in range(p["deep"])), 1000))
    if form == "prism":  # each row of the triangle, from tip to base, is a trapezium
        base, height = Fraction(p["base"]), p["height"]
        rows = sum((base * (2 * row + 1) / (2 * height) for row in range(height)), Fraction(0))
        return said(rows * p["length"])
    if form == "stairs":
        rows = (p["wide"] - (p["cut_wide"] if row < p["cut_tall"] else 0) for row in range(p["tall"]))
        return sum(width * p["length"] for width in rows)
    if form == "box_surface":
        box = ((0, 0), (p["long"], 0), (p["long"], p["wide"]), (0, p["wide"]))
        return _surface(box, (p["long"], p["wide"], p["long"], p["wide"]), p["tall"])
    if form == "prism_surface":
        floor = ((0, 0), (p["one"], 0), (0, p["two"]))
        return _surface(floor, (p["one"], p["slanted"], p["two"]), p["length"])
    return _depth(p)


def _surface(floor: Sequence[tuple[int, int]], sides: Sequence[int], height: int) -> int:
    around = zip(floor, [*floor[1:], floor[0]], strict=True)
    twice = abs(sum(x * b - a * y for (x, y), (a, b) in around))
    return twice + sum(side * height for side in sides)


def _depth(p: Mapping[str, Json]) -> int:
    """The water is poured out around the block, layer by layer."""
    floor = p["long"] * p["wide"]
    left, depth = floor * p["water"], 0
    while left > 0:
        left -= floor - (p["block_long"] * p["block_wide"] if depth < p["block_tall"] else 0)
        depth += 1
    return depth if left == 0 else -1
