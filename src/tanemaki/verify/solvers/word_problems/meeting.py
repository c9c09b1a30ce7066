"""Both walk minute by minute until they meet; round a pond, every speed is tried."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the minute of the meeting, counted from when the second one starts, or the faster one's speed."""
    if p["form"] == "pond":
        (speed,) = (
            fast
            for fast in range(1, p["round"] // p["meet"])
            for slow in (p["round"] // p["meet"] - fast,)
            if (fast - slow) * p["overtake"] == p["round"]
        )
        return speed
    minute = -p.get("ahead", 0)
    first, second = 0, p.get("way", 0)
    step = -p["second_speed"] if "way" in p else p["second_speed"]
    while minute < 0 or first != second:
        first += p["first_speed"]
        second += step if minute >= 0 else 0
        minute += 1
    return minute
