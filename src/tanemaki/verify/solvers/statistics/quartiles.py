"""Values are struck out from both ends, pair by pair, until a middle is left: of the list, then of each half."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the quartile, the range between the two, or the difference of two such ranges."""
    first, third = _quartiles(p["values"])
    found = {"first": first, "third": third}.get(p["form"], third - first)
    if p["form"] == "difference":
        first, third = _quartiles(p["others"])
        found -= third - first
    return int(found) if found == found.to_integral_value() else str(found.normalize())


def _quartiles(values: list[int]) -> tuple[Decimal, Decimal]:
    left, low, high = list(values), [], []
    while len(left) > 1:
        low.append(min(left))
        left.remove(low[-1])
        high.append(max(left))
        left.remove(high[-1])
    return _middle(low), _middle(high)


def _middle(values: list[int]) -> Decimal:
    left = list(values)
    while len(left) > 2:  # noqa: PLR2004 - one or two are the middle
        left.remove(min(left))
        left.remove(max(left))
    return Decimal(sum(left)) / len(left)
