"""Cells are taken away one after another; for the widest difference all pairs of rows are compared."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the total or the difference."""
    rows = p["rows"]
    if p["form"] == "column_total":
        return sum(value for row in rows for place, value in enumerate(row) if place == p["column"])
    pairs = [tuple(p["pair"])] if "pair" in p else permutations(range(len(rows)), 2)
    return max(_ahead(rows[one], rows[other]) for one, other in pairs)


def _ahead(row: list[int], other: list[int]) -> int:
    lead = 0
    for here, there in zip(row, other, strict=True):
        lead = lead + here - there
    return lead
