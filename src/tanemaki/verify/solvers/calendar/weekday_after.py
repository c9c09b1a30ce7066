"""A week is walked through day by day, or the standard library's calendar is asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import date

from tanemaki.core.record import Json

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def solve(p: Mapping[str, Json]) -> Json:
    """Return the weekday's key."""
    if p["form"] in ("after", "before"):
        week = deque(_WEEK)
        while week[0] != p["weekday"]:
            week.rotate()
        for _ in range(p["days"]):
            week.rotate(-1 if p["form"] == "after" else 1)
        return week[0]
    given, asked = date(*p["first"]), date(*p["last"])
    if _WEEK[given.weekday()] != p["weekday"]:
        raise ValueError(f"{given} is no {p['weekday']}")
    return _WEEK[asked.weekday()]
