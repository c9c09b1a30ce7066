"""How many days lie between two dates? 日数: with or without the first one.

Level 1 goes into the next month, level 2 through several months of a year, level 3 through several years: of the
Gregorian calendar, in which 1900 is no leap year, or of the Julian one, in which it is.

Source: 日暦算, the calendar problems of Japanese entrance examinations; the leap years are those of the bull
Inter gravissimas (1582).
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.calendar._months import (
    FEBRUARY,
    Date,
    days_of_years,
    leap_steps,
    length,
    month_steps,
    two_dates,
)
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_SPANS = {1: ((1, 1), (0, 0)), 2: ((2, 10), (0, 0)), 3: ((1, 10), (1, 12))}
"""How many months and years, at least and at most."""
_YEARS = {1: (1960, 2024), 2: (1960, 2024), 3: (1880, 2012)}
_JULIAN_YEARS = (1500, 1900)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw two dates, and whether the first one counts."""
    form = draw.choose(("later", "inclusive", "julian") if level == len(_SPANS) else ("later", "inclusive"))
    one, two = two_dates(draw, *(_JULIAN_YEARS if form == "julian" else _YEARS[level]), *_SPANS[level])
    return {"form": form, "first": list(one), "last": list(two)}


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Return both dates in words."""
    return {f"{which}_date": _told(p[which], words) for which in ("first", "last")}


def _told(date: list[int], words: Words) -> str:
    year, month, day = date
    told: str = words["full_date"].format(year=year, month=words[f"month_{month}"], day=day)
    return told


def solve(p: Parameters, method: str) -> Worked:
    """Go month by month, or number the days of the year."""
    first: Date = tuple(p["first"])
    last: Date = tuple(p["last"])
    years = last[0] - first[0]
    julian = p["form"] == "julian"
    steps = [Step("julian_rule")] if julian else []
    whole = 0
    if years:
        said, leaps = leap_steps(
            first if method == "month_by_month" else (first[0], 1, 1), years, julian=julian
        )
        steps += said
        whole = 365 * years + leaps
        say = "days_of_years" if method == "month_by_month" else "days_to_new_year"
        steps.append(days_of_years(say, years, leaps))
    if method == "month_by_month":
        found, days = month_steps(first, last, julian=julian)
        steps += found
        if years:
            steps.append(Step("days", f"{whole} + {days} = {whole + days}"))
        days += whole
    else:
        start, end = (
            _numbered(steps, date, which, julian=julian) for date, which in ((first, "first"), (last, "last"))
        )
        days = end - start + whole
        more = f"{whole} + " if years else ""
        steps.append(Step("days", f"{more}{end} - {start} = {days}"))
    if p["form"] == "inclusive":
        steps.append(Step("with_first", f"{days} + 1 = {days + 1}"))
        days += 1
    return Worked(tuple(steps), days)


def _numbered(steps: list[Step], date: Date, which: str, *, julian: bool) -> int:
    """Return which day of its year a date is."""
    year, month, day = date
    if month == 1:
        return day
    parts = [*(length(year, one, julian=julian) for one in range(1, month)), day]
    if month > FEBRUARY:
        said = Step("february", slots={"year": year, "february": length(year, FEBRUARY, julian=julian)})
        if said not in steps:
            steps.append(said)
    steps.append(
        Step(
            f"{which}_number",
            f"{' + '.join(map(str, parts))} = {sum(parts)}",
            {"year": year, "month": Who(f"month_{month}")},
        )
    )
    return sum(parts)


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("month_by_month", "day_of_the_year"), slots=slots
)
