"""The standard library's calendar is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tanemaki.core.record import Json

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def solve(p: Mapping[str, Json]) -> Json:
    """Return the weekday's key."""
    return _WEEK[date(*p["date"]).weekday()]
