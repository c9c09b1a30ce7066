"""The work is done day by day, in parts so small that each worker does a whole number of them, until none is left."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the time together, or the time after the first worker has left."""
    times = [p[f"{name}_alone"] for name in ("first", "second", "third") if f"{name}_alone" in p]
    left = prod(times)
    parts = [left // time for time in times]
    for _ in range(p.get("shared", 0)):
        left -= sum(parts)
    working = parts[1:] if "shared" in p else parts
    time = 0
    while left > 0:
        left -= sum(working)
        time += 1
    if left < 0:
        raise ValueError(f"the time does not come out even: {dict(p)}")
    return time
