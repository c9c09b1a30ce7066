"""Prices are tried from nought up until one fits, and a lot is sold piece by piece, in hundredths of a yen."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the one amount that fits."""
    off = p["off"]
    if p["form"] == "sale":
        return next(price for price in count() if 100 * price == p["listed"] * (100 - off))
    if p["form"] == "list":
        return next(listed for listed in count(p["price"]) if 100 * (listed - p["price"]) == listed * off)
    if p["form"] == "cost":
        return next(cost for cost in count(1) if _gain(100 * cost, p["markup"], off) == 100 * p["profit"])
    if p["form"] == "profit":
        return _gain(100 * p["cost"], p["markup"], off) // 100
    gains = (_gain(100 * p["cost"], p["markup"], 0 if k < p["at_list"] else off) for k in range(p["number"]))
    return sum(gains) // 100


def _gain(cost: int, markup: int, off: int) -> int:
    listed = cost + cost // 100 * markup
    return listed - (listed * off) // 100 - cost
