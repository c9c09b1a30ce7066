"""The eras of modern Japan, from the year in which the Gregorian calendar came (明治6年, 1873)."""

from __future__ import annotations

from tanemaki.core.seeding import Draw

FIRST_YEARS = {"meiji": 1868, "taisho": 1912, "showa": 1926, "heisei": 1989, "reiwa": 2019}
"""Western year of each era's first year (元年)."""
ERAS = tuple(FIRST_YEARS)
_CALENDAR_YEAR = 1873
_LAST_YEAR = 2024


def draw_year(draw: Draw, low: int, high: int) -> tuple[str, int]:
    """Draw a year that lies in one of the eras number ``low`` to ``high`` from January to December."""
    first = max(FIRST_YEARS[ERAS[low]] + 1, _CALENDAR_YEAR)
    last = FIRST_YEARS[ERAS[high + 1]] - 1 if high + 1 < len(ERAS) else _LAST_YEAR
    western = draw.between(first, last)
    western += not is_whole(western)
    era = era_of(western)
    return era, western - FIRST_YEARS[era] + 1


def era_of(year: int) -> str:
    """Return the era that a western year begins in; no year of a change is asked for.

    >>> era_of(1988), era_of(1990)
    ('showa', 'heisei')
    """
    return next(era for era in reversed(ERAS) if FIRST_YEARS[era] < year)


def is_whole(year: int) -> bool:
    """Return whether a western year lies in one era from January to December."""
    return year not in FIRST_YEARS.values()
