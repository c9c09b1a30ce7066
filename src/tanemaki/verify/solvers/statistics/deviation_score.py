"""Points are counted one by one from the mean; scores are tried until the value comes out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the value, the score or the difference."""
    if p["form"] == "score":
        deviation = next(one for one in range(1, 100) if one * one == p["variance"])
        return next(
            score for score in range(200) if _value(p["mean"], deviation, score) == Decimal(str(p["value"]))
        )
    found = _value(p["mean"], p["deviation"], p["score"])
    if p["form"] == "difference":
        found -= _value(p["other_mean"], p["other_deviation"], p["other_score"])
    return int(found) if found == found.to_integral_value() else f"{found.normalize():f}"


def _value(mean: int, deviation: int, score: int) -> Decimal:
    value = Decimal(50)
    for _ in range(abs(score - mean)):
        value += Decimal(10) / deviation if score > mean else -Decimal(10) / deviation
    return value
