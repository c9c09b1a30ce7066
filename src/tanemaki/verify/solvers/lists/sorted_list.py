"""Every number there could be is asked whether it is in the list."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the numbers in order, each once."""
    there = {*p["values"], *p.get("others", ())}
    numbers = range(100, -1, -1) if p["form"].endswith("down") else range(101)
    return [number for number in numbers if number in there]
