"""A table of all amounts says for each how many pieces the best last piece leaves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tanemaki.core.record import Json

_WORTHS = (1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000)
_MOST = 40_000


@cache
def _fewest() -> list[int]:
    found = [0]
    for amount in range(1, _MOST + 1):
        found.append(1 + min(found[amount - worth] for worth in _WORTHS if worth <= amount))
    return found


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number of coins and notes."""
    price = sum(p["prices"])
    return _fewest()[p["paid"] - price if "paid" in p else price]
