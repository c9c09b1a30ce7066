"""Every candidate is divided, one after the other."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return how many multiples of the factor divide the number, or their sum."""
    number, factor = p.get("number", p.get("total", 0) - p.get("taken", 0)), p.get("factor", 1)
    found = [n for n in range(factor, number + 1, factor) if number % n == 0]
    return sum(found) if p["form"] == "multiples_sum" else len(found)
