"""Every number of the range is divided."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return how many numbers are as the form asks."""
    wanted = p["form"] == "either"
    return sum(
        1
        for number in range(p.get("low", 1), p["high"] + 1)
        if (number % p["first"] == 0 or number % p["second"] == 0) == wanted
    )
