"""The figures are laid out on a grid or stick by stick, and counted."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return how many sticks, figures or stones there are."""
    if "sides" in p:
        limit = p.get("sticks")
        used, figures = 0, 0
        while figures < p["n"] if limit is None else True:
            new = p["sides"] - (figures > 0)
            if limit is not None and used + new > limit:
                return figures
            used, figures = used + new, figures + 1
        return used
    rows, columns, layers = p["rows"], p["columns"], p.get("layers", 1)
    return sum(
        min(row, rows - 1 - row, column, columns - 1 - column) < layers
        for row in range(rows)
        for column in range(columns)
    )
