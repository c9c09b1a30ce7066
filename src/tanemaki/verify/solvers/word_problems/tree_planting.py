"""Every metre of the way is walked, and what stands or must be dug there is counted."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return how many there are."""
    form, way = p["form"], p["way"]
    if form == "loop":  # the end of the way is its beginning
        return sum(place % p["small_gap"] == 0 and place % p["gap"] != 0 for place in range(way))
    if form == "filled":
        return 2 * sum(place % p["small_gap"] == 0 and place % p["gap"] != 0 for place in range(way + 1))
    if form == "anew":
        return len(set(range(0, way + 1, p["new_gap"])) - set(range(0, way + 1, p["gap"])))
    inner = sum(place % p["gap"] == 0 for place in range(1, way))
    return {"without_ends": inner, "with_ends": inner + 2, "both_sides": 2 * (inner + 2)}[form]
