"""Every pattern of the two kinds is looked at; each one stands for as many rows as its things can change places."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, pairwise
from math import factorial

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number of rows that are as asked."""
    first, second = p["n_first"], p["n_second"]
    last = first + second - 1
    patterns = 0
    for places in combinations(range(first + second), second):
        gaps = [one - other for other, one in pairwise(places)]
        fits = {
            "ends": 0 not in places and last not in places,
            "some_end": 0 in places or last in places,
            "together": max(gaps) == 1,
            "not_together": max(gaps) > 1,
            "apart": min(gaps) > 1,
        }
        patterns += fits[p["asked"]]
    return patterns * factorial(first) * factorial(second)
