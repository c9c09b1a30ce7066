"""The goods go over the counter one by one, and each takes its price from what was paid."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return what is left of the money after the last piece."""
    left = p["paid"]
    for kind in ("first", "second", "third"):
        for place in range(1, p.get(f"{kind}_number", 0) + 1):
            left -= p[f"{kind}_price"]
            if kind == "first" and "off" in p and place % p["set_size"] == 0:
                left += p["off"]
    return left
