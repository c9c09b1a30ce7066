"""The lengths of months and years, and the steps that count the days between two dates."""

from __future__ import annotations

from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Step, Who

Date = tuple[int, int, int]
"""Year, month, day."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FEBRUARY = 2
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int, *, julian: bool = False) -> bool:
    """Return whether a year of the Gregorian calendar, or of the Julian one, has a 29 February.

    >>> [year for year in (1900, 2000, 2024, 2025) if is_leap(year)]
    [2000, 2024]
    """
    return year % 4 == 0 and (julian or year % 100 != 0 or year % 400 == 0)


def length(year: int, month: int, *, julian: bool = False) -> int:
    """Return how many days a month has."""
    return _LENGTHS[month - 1] + (month == FEBRUARY and is_leap(year, julian=julian))


def two_dates(
    draw: Draw, first: int, last: int, months: tuple[int, int], years: tuple[int, int]
) -> tuple[Date, Date]:
    """Draw a date in the years ``first`` to ``last`` and a later one, whole years and some months after it.

    No date is a 29, 30 or 31, so that every date comes again each year and each month.
    """
    year, month = draw.between(first, last), draw.between(1, 12 - months[0])
    later = month + draw.between(months[0], min(months[1], 12 - month))
    return (year, month, draw.between(1, 28)), (year + draw.between(*years), later, draw.between(1, 28))


def leap_steps(first: Date, years: int, *, julian: bool = False) -> tuple[list[Step], int]:
    """Return statements about the 29th of February between a date and its return, and how many there are."""
    year, month, _ = first
    start = year if month <= FEBRUARY else year + 1
    fourth = [one for one in range(start, start + years) if one % 4 == 0]
    leaps = [one for one in fourth if is_leap(one, julian=julian)]
    steps = [Step("no_leap_century", slots={"century": one}) for one in fourth if one not in leaps]
    if not leaps:
        steps.append(Step("no_leap_day", slots={"years": years}))
    elif len(leaps) == 1:
        steps.append(Step("one_leap_day", slots={"years": years, "first_leap": leaps[0]}))
    else:
        told = {"years": years, "first_leap": leaps[0], "last_leap": leaps[-1], "n_leaps": len(leaps)}
        steps.append(Step("leap_days", slots=told))
    return steps, len(leaps)


def days_of_years(say: str, years: int, leaps: int) -> Step:
    """Return the step that finds the days of whole years, of which some are leap years."""
    more = f" + {leaps}" if leaps else ""
    return Step(say, f"365 × {years}{more} = {365 * years + leaps}", {"years": years})


def month_steps(first: Date, last: Date, *, julian: bool = False) -> tuple[list[Step], int]:
    """Return the steps that count from a date to a later one in the year of ``last``, and the number of days."""
    (_, month, day), (year, later, end) = first, last
    long = length(year, month, julian=julian)
    rest = long - day
    between = [length(year, one, julian=julian) for one in range(month + 1, later)]
    whole = sum(between)
    steps = []
    if month <= FEBRUARY < later:
        steps.append(
            Step("february", slots={"year": year, "february": length(year, FEBRUARY, julian=julian)})
        )
    steps.append(Step("rest_of_month", f"{long} - {day} = {rest}", {"month": Who(f"month_{month}")}))
    if len(between) > 1:
        steps.append(Step("whole_months", f"{' + '.join(map(str, between))} = {whole}"))
    days = rest + whole + end
    middle = f" + {whole}" if between else ""
    steps.append(Step("days_in_year", f"{rest}{middle} + {end} = {days}"))
    return steps, days
