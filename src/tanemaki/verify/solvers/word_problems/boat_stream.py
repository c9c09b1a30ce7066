"""The boat drifts and is driven minute by minute; every stream is tried until both times fit."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the minutes of the voyage, or the stream."""
    if p["form"] in ("down", "up"):
        return _minutes(p["way"], p["still"], p["stream"] if p["form"] == "down" else -p["stream"])
    (stream,) = (
        stream
        for stream in range(1, p["way"] // p["down"])
        if (p["way"] - stream * p["down"]) * p["up"] == (p["way"] + stream * p["up"]) * p["down"]
    )
    return stream if p["form"] == "stream" else _minutes(p["way"], p["other"], -stream)


def _minutes(way: int, driven: int, drift: int) -> int:
    minutes = place = 0
    while place < way:
        place += driven
        place += drift
        minutes += 1
    return minutes
