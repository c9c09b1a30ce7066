"""Every amount that the one with least can have is tried."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return what the one who is asked for has."""
    total, more = p["sum"], p["more"]
    if "further" in p:
        middle = next(m for m in range(p["further"], total) if (m + more) + m + (m - p["further"]) == total)
        return middle + more if p["form"] == "most" else middle
    if p["form"] == "gave":
        return next(had for had in range(total) if had - p["given"] == total - had + p["given"] + more)
    smaller = next(one for one in range(total) if total - one == one + more)
    return smaller if p["form"] == "smaller" else total - smaller
