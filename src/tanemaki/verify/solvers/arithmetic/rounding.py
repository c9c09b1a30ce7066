"""Rounded by looking at whole neighbourhoods: the decimal module for one number, trial for the edges of a range."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the rounded number, the edge of the range, or the estimate."""
    match p["form"]:
        case "place":
            return _to(p["number"], p["place"])
        case "figures":
            return _to(p["number"], Decimal(p["number"]).adjusted() - 1)
        case "least" | "greatest":
            rounded, place = p["rounded"], p["place"]
            way = -1 if p["form"] == "least" else 1
            stride, at = 10**place, rounded
            while stride:
                while _to(at + way * stride, place) == rounded:
                    at += way * stride
                stride //= 10
            return at
        case "product":
            one, two = (_to(p[key], Decimal(p[key]).adjusted()) for key in ("first", "second"))
            return one * two
        case form:
            one, two = (_to(p[key], p["place"]) for key in ("first", "second"))
            return one + two if form == "sum" else one - two


def _to(number: int, place: int) -> int:
    return int(Decimal(number).quantize(Decimal((0, (1,), place)), rounding=ROUND_HALF_UP))
