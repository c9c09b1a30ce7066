"""Every number of people or benches is tried until both ways of sharing out agree."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the people who share, the things, or the people who sit."""
    for n in count(1):
        first = p["low"] * n + p["left"]
        if "empty" in p:
            filled = [p["high"]] * (n - p["empty"] - 1) + [p["last"]]
            if n > p["empty"] and first == sum(filled):
                return first
        elif first == p["high"] * n + p.get("less", 0) - p.get("short", 0):
            return n if p["form"] == "people" else first
    raise AssertionError
