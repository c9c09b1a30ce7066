"""By powers of a matrix of whole numbers, squared as often as needed."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json

_Matrix = tuple[int, int, int, int]


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number after so many steps of the rule."""
    if p["form"] == "sum_of_two":
        a, b, _, _ = _power((0, 1, 1, 1), p["n"] - 1)
        return a * p["first"] + b * p["second"]
    stock = p["form"] == "stock"
    plus, times = (-p["taken"], p["n"]) if stock else (p["plus"], p["n"] - 1)
    a, b, _, _ = _power((p["factor"], plus, 0, 1), times)
    return a * p["first"] + b


def _power(matrix: _Matrix, n: int) -> _Matrix:
    if n == 0:
        return 1, 0, 0, 1
    half = _power(matrix, n // 2)
    square = _times(half, half)
    return _times(square, matrix) if n % 2 else square


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    a, b, c, d = one
    e, f, g, h = other
    return a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h
