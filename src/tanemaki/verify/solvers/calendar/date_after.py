"""The standard library's calendar goes the days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the other date."""
    days = timedelta(days=p["days"])
    return (date(*p["date"]) + (-days if p["form"] == "before" else days)).isoformat()
