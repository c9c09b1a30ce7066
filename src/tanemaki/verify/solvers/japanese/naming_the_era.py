"""Days are counted by the standard library, and the last era that began before the day is taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from tanemaki.core.record import Json

_BEGAN = {
    "meiji": date(1868, 1, 25),
    "taisho": date(1912, 7, 30),
    "showa": date(1926, 12, 25),
    "heisei": date(1989, 1, 8),
    "reiwa": date(2019, 5, 1),
}


def solve(p: Mapping[str, Json]) -> Json:
    """Return era and year."""
    year = p["western"] if "western" in p else _BEGAN[p["era"]].replace(day=1).year + p["year"] - 1
    if p["form"] == "day":
        day = date(year, p["month"], p["day"]) + timedelta(days=p["days"])
    else:
        day = date(year + p["later"], 6, 1)
    era = [era for era, began in _BEGAN.items() if began <= day][-1]
    return [era, str(len(range(_BEGAN[era].year, day.year + 1)))]
