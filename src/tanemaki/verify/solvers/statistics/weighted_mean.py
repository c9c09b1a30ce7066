"""Everybody gets the mean of the group; then all are taken together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the mean of all."""
    everybody = [mean for count, mean in p["groups"] for _ in range(count)]
    mean = Decimal(sum(everybody)) / Decimal(len(everybody))
    return int(mean) if mean == mean.to_integral_value() else str(mean)
