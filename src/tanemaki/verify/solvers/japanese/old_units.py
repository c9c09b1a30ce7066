"""What is used is taken away unit by unit, borrowing from the larger one, as with a written subtraction."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return what is left, in the smallest unit or in today's."""
    sizes = [p["first"]] if p["form"] == "two" else [p["first"], p["second"]]
    amounts = [p["large"], p["middle"], *([p["small"]] if "small" in p else [])]
    used = p["used"]
    for place in range(len(sizes), 0, -1):
        used, here = divmod(used, sizes[place - 1])
        amounts[place] -= here
        if amounts[place] < 0:
            amounts[place] += sizes[place - 1]
            amounts[place - 1] -= 1
    amounts[0] -= used
    left = amounts[0]
    for size, amount in zip(sizes, amounts[1:], strict=True):
        left = sum([left] * size) + amount
    if "today" not in p:
        return left
    value = (Decimal(p["today"]) * left).normalize()
    return int(value) if value == value.to_integral_value() else f"{value:f}"
