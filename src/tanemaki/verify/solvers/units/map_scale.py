"""Millimetres on the map against millimetres in the field, in whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tanemaki.core.record import Json

_MM = {"metres": 1_000, "kilometres": 1_000_000, "square_metres": 1_000_000, "hectares": 10_000_000_000}


def solve(p: Mapping[str, Json]) -> Json:
    """Return the length, the area or the scale."""
    form = p["form"]
    if form == "map":
        return _shown(int(Decimal(p["real"]) * 1_000_000), p["scale"] * 10)
    if form == "scale":
        return _shown(int(Decimal(p["real"]) * 1_000_000), int(Decimal(p["length"]) * 10))
    real = 1
    for side in p.get("sides") or [p["length"]]:
        real *= int(Decimal(side) * 10) * p["scale"]
    return _shown(real, _MM[form])


def _shown(above: int, below: int) -> Json:
    if above % below == 0:
        return above // below
    return f"{(Decimal(above) / Decimal(below)).normalize():f}"
