"""The years are counted one by one, on a list that says which eras each of them belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json

_LAST = {"meiji": 45, "taisho": 15, "showa": 64, "heisei": 31, "reiwa": 20}
"""The last year of each era is the first one of the next."""


def _calendar() -> dict[tuple[str, int], int]:
    found, western = {}, 1868
    for era, last in _LAST.items():
        for year in range(1, last + 1):
            found[era, year] = western
            western += 1
        western -= 1
    return found


_WESTERN = _calendar()


def solve(p: Mapping[str, Json]) -> Json:
    """Return the year, or the number of years."""
    year = _WESTERN[p["era"], p["year"]]
    for _ in range(p.get("later", 0)):
        year += 1
    if p["form"] == "after":
        return year
    return len(range(year, _WESTERN[p["later_era"], p["later_year"]]))
