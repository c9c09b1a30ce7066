"""All states that can be reached are searched, one step further at a time."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number of steps after which the amount is there for the first time; -1 where it never is."""
    large, small, wanted = p["large"], p["small"], p["wanted"]
    seen = {(0, 0)}
    reached = [(0, 0)]
    steps = 0
    while reached:
        if any(wanted in state for state in reached):
            return steps
        steps += 1
        ahead = []
        for one, two in reached:
            over, back = min(one, small - two), min(two, large - one)
            for state in (
                (large, two),
                (one, small),
                (0, two),
                (one, 0),
                (one - over, two + over),
                (one + back, two - back),
            ):
                if state not in seen:
                    seen.add(state)
                    ahead.append(state)
        reached = ahead
    return -1
