"""A difference of dates of the standard library; for the Julian calendar the 1461 days of four years are laid end to end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number of days, the first one included where it counts."""
    if p["form"] == "julian":
        one, two = (_walked(*p[key]) for key in ("first", "last"))
        return two - one
    apart = date(*p["last"]) - date(*p["first"])
    return apart.days + (p["form"] == "inclusive")


def _walked(year: int, month: int, day: int) -> int:
    """Return the number of a Julian day: whole fours of years, then days of a four that ends in its leap year."""
    fours, place = divmod(year - 1, 4)
    start = date(2001, 1, 1)  # 2001 to 2004 are three common years and a leap year, as in every four
    return 1461 * fours + (date(2001 + place, month, day) - start).days
