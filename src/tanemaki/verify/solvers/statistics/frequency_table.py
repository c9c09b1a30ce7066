"""Everybody is written down with the midpoint of the class, and the standard library does the rest."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return share, midpoint or mean."""
    everybody = [
        Fraction(2 * p["start"] + p["width"] * (2 * place + 1), 2)
        for place, count in enumerate(p["counts"])
        for _ in range(count)
    ]
    if p["form"] == "relative":
        low = p["start"] + p["width"] * p["asked"]
        value = Fraction(sum(low <= one < low + p["width"] for one in everybody), len(everybody))
    elif p["form"] == "median":
        value = Fraction(statistics.median(everybody))
    else:
        value = sum(everybody, Fraction(0)) / len(everybody)
    if value.denominator == 1:
        return value.numerator
    return str(Decimal(value.numerator) / Decimal(value.denominator))
