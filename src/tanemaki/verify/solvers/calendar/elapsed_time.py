"""The minutes are counted one by one on a clock that begins again at midnight."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json

_HOUR = 60


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number of minutes."""
    hour, minute = divmod(p["start"], 60)
    end = divmod(p["end"], 60)
    passed = -p.get("rest", 0)
    while (hour, minute) != end:
        minute += 1
        if minute == _HOUR:
            hour, minute = (hour + 1) % 24, 0
        passed += 1
    return passed * p.get("n_nights", 1)
