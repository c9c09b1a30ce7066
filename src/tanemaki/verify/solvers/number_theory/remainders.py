"""Every number above the limit is divided, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the first number that leaves all the remainders."""
    wanted = [
        (p[key], p.get(f"{key}_rest", p.get("rest"))) for key in ("first", "second", "third") if key in p
    ]
    for n in count(p["above"] + 1):
        if all(n % divisor == rest for divisor, rest in wanted):
            return n
    return None
