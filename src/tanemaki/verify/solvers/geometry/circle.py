"""As Archimedes does it: a sector is a triangle whose base is its arc; a ring is its middle line times its width."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.verify.solvers.geometry._decimals import said

_PI = Fraction(314, 100)


def solve(p: Mapping[str, Json]) -> Json:
    """Return the length or the area with 3.14 for π."""
    form = p["form"]
    if form == "wheel":
        return said(sum((p["diameter"] * _PI for _ in range(p["turns"])), Fraction(0)))
    if form == "discs":
        one = _arc(p["radius"], 360) * p["radius"] / 2
        return said(sum((one for _ in range(p["count"])), Fraction(0)))
    if form == "ring":
        width = Fraction(p["outer_diameter"] - p["inner_diameter"], 2)
        middle = Fraction(p["outer_diameter"] + p["inner_diameter"], 2)
        return said(middle * _PI * width)
    if (
        form == "track"
    ):  # a line swept over by its own parallels: straight times width, and a half turn at each end
        width = p["width"]
        return said(Fraction(p["straight"] * width) + 2 * _arc(Fraction(width, 2), 180) * Fraction(width, 4))
    arc = _arc(p["radius"], p["angle"])
    if form == "arc":
        return said(arc)
    return said(arc * p["radius"] / 2 if form == "sector_area" else arc + p["radius"] + p["radius"])


def _arc(radius: Fraction, degrees: int) -> Fraction:
    """Return an arc as so many times the arc of one degree."""
    return radius * _PI / 180 * degrees
