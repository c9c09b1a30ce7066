"""Every pair of ages is tried, and years pass one by one."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the older one's age, the years, or the child's age."""
    form, times = p["form"], p["times"]
    if form in ("later", "earlier"):
        step = 1 if form == "later" else -1
        return next(n for n in range(1, 100) if p["old"] + step * n == times * (p["child"] + step * n))
    if form == "difference":
        return next(old for old in range(p["older_by"], 200) if old == times * (old - p["older_by"]))
    if form == "sum":
        return next(old for old in range(p["sum"]) if old == times * (p["sum"] - old))
    return next(
        child for child in range(p["sum"]) if p["sum"] - child + p["years"] == times * (child + p["years"])
    )
