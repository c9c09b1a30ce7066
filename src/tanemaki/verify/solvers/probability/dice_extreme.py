"""Largest and smallest number are followed from draw to draw: how many sequences have which pair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the share of the sequences whose extremes are as asked."""
    sides, limit = p["sides"], p.get("limit", 0)
    pairs = Counter((one, one) for one in range(1, sides + 1))
    for _ in range(p["times"] - 1):
        longer: Counter[tuple[int, int]] = Counter()
        for (low, high), n in pairs.items():
            longer[low, high] += n * (high - low + 1)
            for one in range(1, low):
                longer[one, high] += n
            for one in range(high + 1, sides + 1):
                longer[low, one] += n
        pairs = longer
    cases = 0
    for (low, high), n in pairs.items():
        fits = {
            "at_most": high <= limit,
            "at_least": low >= limit,
            "largest": high == limit,
            "smallest": low == limit,
            "both": (low, high) == (p.get("low"), p.get("high")),
        }
        cases += n if fits[p["asked"]] else 0
    return str(Fraction(cases, sides ** p["times"]))
