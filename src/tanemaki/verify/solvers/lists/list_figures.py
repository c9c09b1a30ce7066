"""The standard library's statistics, in fractions."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from tanemaki.core.record import Json

_FIGURES: Mapping[str, Callable[[list[Fraction]], Fraction | int]] = {
    "total": sum,
    "largest": max,
    "smallest": min,
    "range": lambda values: max(values) - min(values),
    "mode": statistics.mode,
    "median": statistics.median,
    "mean": statistics.mean,
    "mean_less_median": lambda values: statistics.mean(values) - statistics.median(values),
}


def solve(p: Mapping[str, Json]) -> Json:
    """Return the figure."""
    value = Fraction(_FIGURES[p["asked"]]([Fraction(value) for value in p["values"]]))
    if value.denominator == 1:
        return value.numerator
    return str(Decimal(value.numerator) / Decimal(value.denominator))
