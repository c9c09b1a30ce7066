"""The powers are worked out in full and divided."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the remainder of the real number, all its digits included."""
    number = p["first"] ** p["first_power"]
    if "second" in p:
        number += p["second"] ** p["second_power"]
    return number % p.get("divisor", 10)
