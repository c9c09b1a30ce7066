"""The queue and the meadow change minute by minute and day by day; growth and beginning are tried until both times fit."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the time after which nothing is left."""
    if p["form"] == "gates":
        return _time(p["waiting"], p["arriving"], p["gates"] * p["each"])
    if p["form"] == "queue":
        each = next(
            rate
            for rate in count(1)
            if p["waiting"] + p["minutes"] * (p["arriving"] - p["gates"] * rate) == 0
        )
        return _time(p["waiting"], p["arriving"], p["more_gates"] * each)
    (growth,) = (
        growth
        for growth in range(1, p["few"])
        if (p["few"] - growth) * p["few_time"] == (p["many"] - growth) * p["many_time"]
    )
    return _time((p["few"] - growth) * p["few_time"], growth, p["asked"])


def _time(there: int, comes: int, goes: int) -> int:
    time = 0
    while there > 0:
        there += comes
        there -= goes
        time += 1
    if there < 0:
        raise ValueError("the time does not come out even")
    return time
