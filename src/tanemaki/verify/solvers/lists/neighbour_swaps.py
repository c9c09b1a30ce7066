"""Bubble sort is run, and its swaps are counted: each removes one pair in the wrong order, so no way needs fewer."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number of swaps."""
    row, swaps = list(p["values"]), 0
    for end in range(len(row) - 1, 0, -1):
        for place in range(end):
            if row[place] > row[place + 1]:
                row[place], row[place + 1] = row[place + 1], row[place]
                swaps += 1
    return swaps
