"""Every number is tried: downwards for what divides all, upwards for what all divide."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the first number that fits."""
    numbers = [p[key] for key in ("first", "second", "third") if key in p]
    if p["form"] in ("bus", "buses", "tile"):
        longest = max(numbers)
        return next(n for n in count(longest, longest) if not any(n % one for one in numbers))
    divisor = next(n for n in range(min(numbers), 0, -1) if not any(one % n for one in numbers))
    return sum(one // divisor for one in numbers) if p["form"] == "share_three" else divisor
