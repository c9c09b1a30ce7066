"""Every possible number of the kind with more legs is tried."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the one number that fits heads and legs."""
    (found,) = (
        (few, many)
        for many in range(p["heads"] + 1)
        for few in (p["heads"] - many,)
        if few * p["few_legs"] + many * p["many_legs"] == p["legs"]
    )
    few, many = found
    return {"many": many, "few": few, "difference": many - few}[p["form"]]
