"""The expression is worked out from left to right in decimal numbers, product by product."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the value."""
    parts = p["expression"].split(" ")
    total, product, sign = Decimal(0), Decimal(parts[0]), 1
    for mark, number in zip(parts[1::2], parts[2::2], strict=True):
        if mark == "×":
            product *= Decimal(number)
        else:
            total += sign * product
            product, sign = Decimal(number), 1 if mark == "+" else -1
    total += sign * product
    return int(total) if total == total.to_integral_value() else f"{total.normalize():f}"
