"""Eight lines with one sum are eight linear equations; elimination solves them for the gaps and the sum."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json

_LINES = ("012", "345", "678", "036", "147", "258", "048", "246")


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number in the cell that is asked for."""
    grid = p["grid"]
    unknown = [k for k in range(9) if not grid[k]]
    width = len(unknown) + 1  # the gaps, then the sum
    rows = []
    for line in _LINES:
        cells = [int(k) for k in line]
        row = [Fraction(k in cells) for k in unknown]
        rows.append([*row, Fraction(-1), Fraction(-sum(grid[k] for k in cells))])
    for column in range(width):
        pivot = next(k for k in range(column, len(rows)) if rows[k][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for k in range(len(rows)):
            factor = rows[k][column]
            if k != column and factor:
                rows[k] = [value - factor * of for value, of in zip(rows[k], rows[column], strict=True)]
    return int(rows[unknown.index(p["asked"])][width])
