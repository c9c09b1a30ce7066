"""Every ticket is laid out, the blanks too, and the mean is taken."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from statistics import mean

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the mean of what the tickets win, or of what they lose against their price."""
    won = [amount for amount, n in p["prizes"] for _ in range(n)]
    won += [0] * (p["tickets"] - len(won))
    gains = won if p["form"] == "worth" else [p["price"] - one for one in won]
    value = mean(map(Fraction, gains))
    shown = f"{float(value):.4f}".rstrip("0").rstrip(".")
    return int(shown) if value.denominator == 1 else shown
