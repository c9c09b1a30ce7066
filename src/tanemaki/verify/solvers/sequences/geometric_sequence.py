"""Term after term, with no powers: by repeated multiplication in whole numbers."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the last of the terms, or what those that are asked for add up to."""
    above, below = p["ratio"]
    now, total = p["first"], 0
    start = p.get("start", 1)
    for place in range(1, p["n"] + 1):
        if place >= start:
            total += now
        if place < p["n"] or p["form"] == "growth":
            now = now * above // below
    return now if p["form"] in ("term", "growth") else total
