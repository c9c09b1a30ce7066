"""Of each number it is counted how many are ahead of it."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the one number that has k - 1 ahead of it."""
    sign = 1 if p["form"] == "largest" else -1
    (found,) = (
        value
        for value in p["values"]
        if sum(sign * other > sign * value for other in p["values"]) == p["k"] - 1
    )
    return found
