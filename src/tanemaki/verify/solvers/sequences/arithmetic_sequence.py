"""The terms are written down one by one and added."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the last of the terms, or what those that are asked for add up to."""
    row = [p["first"]]
    while (row[-1] != p["last"]) if "last" in p else (len(row) < p["n"]):
        row.append(row[-1] + p["step"])
    if p["form"] == "term":
        return row[-1]
    return sum(row[p.get("start", 1) - 1 :])
