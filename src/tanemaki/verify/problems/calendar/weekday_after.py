"""Which day of the week is it? 何曜日: the remainder by 7 of the days between.

Level 1 goes a number of days forward or back, level 2 from a date to another one of the same year, level 3 on through
several years with their leap days.

Source: 日暦算, the calendar problems of Japanese entrance examinations.
"""

from __future__ import annotations

from datetime import date

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.calendar._months import (
    WEEKDAYS,
    Date,
    days_of_years,
    leap_steps,
    length,
    month_steps,
    two_dates,
)
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_SCENES = ("festival", "race", "trip", "exam", "concert")
_WEEK = 7
_MONTHS = {2: (2, 11), 3: (1, 11)}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a weekday and days, or two dates; the first date has the weekday that it really has."""
    if level == 1:
        return {
            "form": draw.choose(("after", "before")),
            "scene": draw.choose(_SCENES),
            "weekday": draw.choose(WEEKDAYS),
            "days": draw.between(10, 999),
        }
    is_one_year = level == len(_MONTHS)
    one, two = two_dates(draw, 1950, 2012, _MONTHS[level], (0, 0) if is_one_year else (2, 12))
    return {
        "form": "same_year" if is_one_year else "years",
        "first": list(one),
        "last": list(two),
        "weekday": WEEKDAYS[date(*one).weekday()],
    }


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Return weekday and dates in words."""
    told: dict[str, object] = {**p, "weekday": words[p["weekday"]]}
    if "first" in p:
        year, month, day = p["first"]
        told["first_date"] = words["full_date"].format(year=year, month=words[f"month_{month}"], day=day)
        year, month, day = p["last"]
        pattern = words["short_date" if p["form"] == "same_year" else "full_date"]
        told["last_date"] = pattern.format(year=year, month=words[f"month_{month}"], day=day)
    return told


def solve(p: Parameters, method: str) -> Worked:
    """Count the days and take away whole weeks, or add up by how much months and years go beyond whole weeks."""
    at = WEEKDAYS.index(p["weekday"])
    steps: list[Step] = []
    if p["form"] in ("after", "before"):
        days = p["days"]
    elif method == "count_days":
        days = _counted(steps, tuple(p["first"]), tuple(p["last"]))
    else:
        days = _shifted(steps, tuple(p["first"]), tuple(p["last"]))
    weeks, rest = divmod(days, _WEEK)
    if days >= _WEEK:
        if method == "count_days":
            steps.append(Step("weeks", f"{days} = 7 × {weeks} + {rest}"))
        else:
            steps.append(Step("multiple", f"7 × {weeks} = {7 * weeks}"))
            steps.append(Step("beyond", f"{days} - {7 * weeks} = {rest}"))
    backward = p["form"] == "before"
    answer = WEEKDAYS[(at - rest if backward else at + rest) % _WEEK]
    told = {"from": Who(p["weekday"]), "to": Who(answer), "rest": rest}
    steps.append(Step(("back" if backward else "on") if rest else "same", slots=told))
    return Worked(tuple(steps), answer)


def _counted(steps: list[Step], first: Date, last: Date) -> int:
    years, days = last[0] - first[0], 0
    if years:
        said, leaps = leap_steps(first, years)
        steps += said
        days = 365 * years + leaps
        steps.append(days_of_years("days_of_years", years, leaps))
    found, more = month_steps(first, last)
    steps += found
    if years:
        steps.append(Step("days", f"{days} + {more} = {days + more}"))
    return days + more


def _shifted(steps: list[Step], first: Date, last: Date) -> int:
    years, total = last[0] - first[0], []
    if years:
        said, leaps = leap_steps(first, years)
        steps += said
        steps.append(Step("year_lengths"))
        steps.append(Step("year_shift", f"{years} + {leaps} = {years + leaps}"))
        total.append(years + leaps)
    shifts = [length(last[0], month) - 28 for month in range(first[1], last[1])]
    steps.append(Step("month_lengths"))
    told = " + ".join(map(str, shifts)) if len(shifts) > 1 else f"{28 + shifts[0]} - 28"
    steps.append(Step("month_shift", f"{told} = {sum(shifts)}"))
    apart = abs(last[2] - first[2])
    steps.append(Step("day_shift", f"{max(first[2], last[2])} - {min(first[2], last[2])} = {apart}"))
    total.append(sum(shifts))
    told = " + ".join(map(str, total))
    whole, sign = sum(total), "+" if last[2] >= first[2] else "-"
    value = whole + apart if sign == "+" else whole - apart
    if value < 0:
        weeks = -(value // _WEEK) * _WEEK
        steps.append(Step("with_weeks", f"{told} - {apart} + {weeks} = {value + weeks}"))
        return value + weeks
    steps.append(Step("shift", f"{told} {sign} {apart} = {value}"))
    return value


FAMILY = Family(
    kind="name", draw=draw, solve=solve, methods=("count_days", "shifts"), scenes=_SCENES, slots=slots
)
