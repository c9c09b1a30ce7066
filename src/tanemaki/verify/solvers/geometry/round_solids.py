"""Volumes by Simpson's rule over the slices, which is exact here; surfaces by the way that a line's middle turns."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.verify.solvers.geometry._decimals import said


def solve(p: Mapping[str, Json]) -> Json:
    """Return the volume or the surface as a multiple of π."""
    form, radius = p["form"], Fraction(p["radius"])
    if form == "cylinder_surface":
        return _said(2 * _turned(radius, radius / 2) + _turned(Fraction(p["height"]), radius))
    if form == "cone_surface":
        return _said(_turned(radius, radius / 2) + _turned(Fraction(p["slant"]), radius / 2))
    height = Fraction(p["height"])
    if form == "cylinder":
        return _said(_sliced(height, radius, radius, radius))
    if form == "cone":
        return _said(_sliced(height, radius, radius / 2, Fraction(0)))
    if form == "rocket":
        tip = _sliced(Fraction(p["tip"]), radius, radius / 2, Fraction(0))
        return _said(_sliced(height, radius, radius, radius) + tip)
    if form == "dome":  # half way up, the square of the slice's radius is 3/4 of that of the ball
        half = radius / 6 * (radius**2 + 4 * radius**2 * 3 / 4)
        return _said(_sliced(height, radius, radius, radius) + half)
    small = Fraction(p["small"])
    return _said(_sliced(height - Fraction(p["tip"]), radius, (radius + small) / 2, small))


def _sliced(height: Fraction, bottom: Fraction, middle: Fraction, top: Fraction) -> Fraction:
    return height / 6 * (bottom**2 + 4 * middle**2 + top**2)


def _turned(length: Fraction, middle: Fraction) -> Fraction:
    """Return the area over which a line goes whose middle is so far from the axis (Pappus and Guldin)."""
    return length * 2 * middle


def _said(number: Fraction) -> str:
    return f"{said(number)}π"
