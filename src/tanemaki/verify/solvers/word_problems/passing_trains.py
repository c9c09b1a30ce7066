"""The trains move second by second along the line; for a length, every speed is tried."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the seconds for which the train is on the bridge, hidden or beside the other one, or its length."""
    form = p["form"]
    if form == "length":
        lengths = (
            tuple(speed * p[f"{name}_seconds"] - p[f"{name}_way"] for name in ("first", "second"))
            for speed in range(1, 100)
        )
        (found,) = {first for first, second in lengths if first == second}
        return found
    if form == "bridge":  # it lies from 0 to its length, and the train's end begins behind it
        return _seconds(-p["length"], p["speed"], p["way"], 0)
    if form == "hidden":  # the train's front goes on to the tunnel's other mouth
        return _seconds(p["length"], p["speed"], p["way"], 0)
    # The end of the first train must pass the second one's end where they meet, its front where it is overtaken.
    speed = -p["second_speed"] if form == "towards" else p["second_speed"]
    return _seconds(-p["first_length"], p["first_speed"], p["second_length"], speed)


def _seconds(place: int, speed: int, goal: int, goal_speed: int) -> int:
    return next(second for second in count() if place + second * speed == goal + second * goal_speed)
