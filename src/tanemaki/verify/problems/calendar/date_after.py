"""Which date is so many days later or earlier? 何日後・何日前の日付.

Level 1 stays within two months, level 2 goes through several, level 3 through whole years first.

Source: 日暦算, the calendar problems of Japanese entrance examinations.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.calendar._months import FEBRUARY, Date, days_of_years, leap_steps, length
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_DAYS = {1: (30, 45), 2: (80, 200), 3: (400, 1400)}
_MONTHS = 12
_LAST = 28
"""Every month has this day, so that each date comes again each year."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a date, days and a direction."""
    return {
        "form": draw.choose(("after", "before")),
        "date": [draw.between(1910, 2020), draw.between(1, 12), draw.between(1, _LAST)],
        "days": draw.between(*_DAYS[level]),
    }


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Return the date in words."""
    year, month, day = p["date"]
    told = words["full_date"].format(year=year, month=words[f"month_{month}"], day=day)
    return {"date": told, "days": p["days"]}


def solve(p: Parameters, method: str) -> Worked:
    """Use up the days month by month, or number the days of the year."""
    date: Date = tuple(p["date"])
    days, back = p["days"], p["form"] == "before"
    steps: list[Step] = []
    if method == "day_of_the_year":
        date = _by_number(steps, date, -days if back else days)
    else:
        date, days = _whole_years(steps, date, days, back=back)
        date = _backward(steps, date, days) if back else _forward(steps, date, days)
    year, month, day = date
    steps.append(Step("told", slots={"year": year, "month": Who(f"month_{month}"), "day": day}))
    return Worked(tuple(steps), f"{year}-{month:02}-{day:02}")


def _whole_years(steps: list[Step], date: Date, days: int, *, back: bool) -> tuple[Date, int]:
    """Go as many whole years as there are days for."""
    year, month, day = date
    found: tuple[int, int, list[Step]] = (0, 0, [])
    for years in range(1, days // 365 + 1):
        said, leaps = leap_steps((year - years, month, day) if back else date, years)
        if 365 * years + leaps <= days:
            found = (years, leaps, said)
    years, leaps, said = found
    if not years:
        return date, days
    whole = 365 * years + leaps
    steps += said
    steps.append(days_of_years("days_of_years", years, leaps))
    steps.append(Step("after_years", f"{days} - {whole} = {days - whole}"))
    return (year - years if back else year + years, month, day), days - whole


def _forward(steps: list[Step], date: Date, days: int) -> Date:
    year, month, day = date
    rest = length(year, month) - day
    if days <= rest:
        if days:
            steps.append(Step("day", f"{day} + {days} = {day + days}", _month(year, month)))
        return year, month, day + days
    _february(steps, year, month)
    steps.append(Step("rest_of_month", f"{length(year, month)} - {day} = {rest}", _month(year, month)))
    steps.append(Step("after_month", f"{days} - {rest} = {days - rest}", _month(year, month)))
    days -= rest
    while True:
        year, month = (year, month + 1) if month < _MONTHS else (year + 1, 1)
        long = length(year, month)
        if days <= long:
            return year, month, days
        _february(steps, year, month)
        steps.append(Step("after_month", f"{days} - {long} = {days - long}", _month(year, month)))
        days -= long


def _backward(steps: list[Step], date: Date, days: int) -> Date:
    year, month, day = date
    if days < day:
        if days:
            steps.append(Step("day", f"{day} - {days} = {day - days}", _month(year, month)))
        return year, month, day - days
    steps.append(Step("before_month", f"{days} - {day} = {days - day}", _month(year, month)))
    days -= day
    while True:
        year, month = (year, month - 1) if month > 1 else (year - 1, _MONTHS)
        long = length(year, month)
        _february(steps, year, month)
        if days < long:
            if days:
                steps.append(Step("day", f"{long} - {days} = {long - days}", _month(year, month)))
            return year, month, long - days
        steps.append(Step("before_month", f"{days} - {long} = {days - long}", _month(year, month)))
        days -= long


def _month(year: int, month: int) -> dict[str, object]:
    return {"year": year, "month": Who(f"month_{month}")}


def _february(steps: list[Step], year: int, month: int) -> None:
    if month == FEBRUARY:
        steps.append(Step("february", slots={"year": year, "february": length(year, FEBRUARY)}))


def _by_number(steps: list[Step], date: Date, days: int) -> Date:
    """Number the day in its year, add, take whole years away, and look the number up."""
    year, month, day = date
    number = day
    if month > 1:
        parts = [*(length(year, one) for one in range(1, month)), day]
        number = sum(parts)
        steps.append(Step("number", f"{' + '.join(map(str, parts))} = {number}", {"year": year}))
    moved = number + days
    steps.append(Step("moved", f"{number} {'-' if days < 0 else '+'} {abs(days)} = {moved}", {"year": year}))
    while moved < 1:
        year -= 1
        whole = _days_of(year)
        steps.append(Step("year_before", f"{moved} + {whole} = {moved + whole}", {"year": year}))
        moved += whole
    while moved > _days_of(year):
        whole = _days_of(year)
        year += 1
        steps.append(Step("year_after", f"{moved} - {whole} = {moved - whole}", {"year": year}))
        moved -= whole
    months: list[int] = []
    while moved > sum(months) + length(year, len(months) + 1):
        months.append(length(year, len(months) + 1))
    if len(months) > 1:
        steps.append(
            Step(
                "months_before", f"{' + '.join(map(str, months))} = {sum(months)}", _month(year, len(months))
            )
        )
    if months:
        steps.append(
            Step("day", f"{moved} - {sum(months)} = {moved - sum(months)}", _month(year, len(months) + 1))
        )
    return year, len(months) + 1, moved - sum(months)


def _days_of(year: int) -> int:
    return 337 + length(year, FEBRUARY)


FAMILY = Family(
    kind="date", draw=draw, solve=solve, methods=("month_by_month", "day_of_the_year"), slots=slots
)
