"""Sets of numbered people are made and looked at; an unknown intersection is tried in every size."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the size of what is asked for."""
    for both in [p["both"]] if "both" in p else range(min(p["first"], p["second"]) + 1):
        first = set(range(p["first"]))
        second = set(range(p["first"] - both, p["first"] - both + p["second"]))
        everybody = set(range(p.get("total", 0)))
        if "neither" not in p or len(everybody - first - second) == p["neither"]:
            asked = {
                "union": first | second,
                "neither": everybody - first - second,
                "both": first & second,
                "exactly_one": first ^ second,
            }
            return len(asked[p["form"]])
    return None
