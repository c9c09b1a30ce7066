"""Whole numbers are tried one after the other until the answer of the inequality changes."""

from __future__ import annotations

from collections.abc import Mapping
from operator import ge, gt, le, lt

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the last number that is allowed, or the first."""
    if p["form"] == "shops":
        n = 0
        while p["price"] * n + p["fee"] <= p["other_price"] * n + p["other_fee"]:
            n += 1
        return n
    if p["form"] == "box":
        n, left = 0, p["budget"] - p["fee"]
        while left >= p["price"]:
            n, left = n + 1, left - p["price"]
        return n
    holds = {"less": lt, "at_most": le, "more": gt, "at_least": ge}[p["sign"]]
    fitting = [x for x in range(-120, 120) if holds(p["factor"] * x + p["constant"], p["limit"])]
    return fitting[-1] if p["form"] == "largest" else fitting[0]
