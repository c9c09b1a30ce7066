"""One after the other is taken or left; how many choices there are with how many of each kind is kept in a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number of choices that are as asked."""
    ways = Counter({(0, 0): 1})
    for is_first in [True] * p["n_first"] + [False] * p["n_second"]:
        for (first, second), n in list(ways.items()):
            if first + second < p["chosen"]:
                ways[first + is_first, second + (not is_first)] += n
    return sum(
        n
        for (first, second), n in ways.items()
        if first + second == p["chosen"]
        and (first >= p["limit"] if p["asked"] == "at_least" else first <= p["limit"])
    )
