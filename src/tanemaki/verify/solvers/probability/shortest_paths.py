"""Corner by corner: each one is reached in as many ways as its neighbours to the west and to the south together."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number of ways to the last corner, with those that passed the corner on the way counted apart."""
    ways: dict[tuple[int, int, bool], int] = {}
    by = (p.get("by_east"), p.get("by_north"))
    shut = (p.get("shut_east"), p.get("shut_north"))
    for east in range(p["east"] + 1):
        for north in range(p["north"] + 1):
            before = [
                int((east, north) == (0, 0) and not seen)
                + ways.get((east - 1, north, seen), 0)
                + ways.get((east, north - 1, seen), 0)
                for seen in (False, True)
            ]
            if (east, north) == shut:
                before = [0, 0]
            if (east, north) == by:
                before = [0, sum(before)]
            ways[east, north, False], ways[east, north, True] = before
    return ways[p["east"], p["north"], "by_east" in p]
