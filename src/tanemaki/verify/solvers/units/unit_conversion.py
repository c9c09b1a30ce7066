"""Every unit by its size in the smallest one of its kind, and speeds by metres in an hour: one rule of three."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from tanemaki.core.record import Json

_SIZES = {
    "mm": 1, "cm": 10, "m": 1_000, "km": 1_000_000,
    "mg": 1, "g": 1_000, "kg": 1_000_000, "t": 1_000_000_000,
    "mL": 1, "dL": 100, "L": 1_000, "m3": 1_000_000,
    "m2": 1, "a": 100, "ha": 10_000, "km2": 1_000_000,
    "second": 1, "minute": 60, "hour": 3_600, "day": 86_400,
    "mh": 1, "mmin": 60, "ms": 3_600, "kmh": 1_000,
}  # fmt: skip


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number in the target's unit."""
    value = Fraction(p["quantity"]) * _SIZES[p["given"]] / _SIZES[p["target"]]
    if value.denominator == 1:
        return value.numerator
    return f"{(Decimal(value.numerator) / Decimal(value.denominator)).normalize():f}"
