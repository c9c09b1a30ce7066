"""The journey is lived through part by part on the clock of the standard library."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from tanemaki.core.record import Json

_MIDNIGHT = datetime(2001, 1, 2)  # noqa: DTZ001 - a bare clock without a zone


def solve(p: Mapping[str, Json]) -> Json:
    """Return the time at the other end of the journey."""
    now = _MIDNIGHT + timedelta(hours=p["time"] // 60, minutes=p["time"] % 60)
    way = -1 if p["form"].endswith("departure") else 1
    parts = [p["ride"]] if "ride" in p else [p["run"]]
    for _ in range(p.get("n_stops", 0)):
        parts += [p["stop"], p["run"]]
    parts += [p[key] for key in ("wait", "next_ride") if key in p]
    for part in parts[::way]:
        now += timedelta(minutes=way * part)
    return now.strftime("%H:%M")
