"""A western year is told in its Japanese era: 2024 is 令和6年 (西暦から和暦へ).

Level 1 counts on from a western year, level 2 from a year of an era, level 3 from a day near a change of era, which may or
may not pass it. No year asked for on levels 1 and 2, and no day on level 3, belongs to two eras.

Source: 元号法 (1979) and the edicts that changed the eras: 大正 from 1912-07-30, 昭和 from 1926-12-25, 平成 from 1989-01-08,
令和 from 2019-05-01.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked
from tanemaki.verify.problems.japanese._eras import ERAS, FIRST_YEARS, draw_year, era_of, is_whole

_SCENES = ("school", "bridge", "shop", "library", "garden", "museum", "lighthouse", "community")
_FORMS = {1: "western", 2: "era", 3: "day"}
_NOW = 2025
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months; no leap day lies near a change of era."""
_CHANGES = {"taisho": (1912, 7, 30), "showa": (1926, 12, 25), "heisei": (1989, 1, 8), "reiwa": (2019, 5, 1)}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw where the counting begins and how far it goes."""
    parameters: dict[str, Json] = {"scene": draw.choose(_SCENES), "form": _FORMS[level]}
    if level < 3:  # noqa: PLR2004 - of three
        era, year = draw_year(draw, 0, 2)
        western = FIRST_YEARS[era] + year - 1
        later = draw.between(2, min(80, _NOW - 1 - western))
        later += not is_whole(western + later)
        if level == 1:
            return {**parameters, "western": western, "later": later}
        return {**parameters, "era": era, "year": year, "later": later}
    later_era = draw.choose(ERAS[1:])
    era = ERAS[ERAS.index(later_era) - 1]
    before, days = draw.between(3, 50), draw.between(15, 60)
    days += days == before
    year, month, day = _before(_CHANGES[later_era], before)
    parameters |= {"era": era, "year": year - FIRST_YEARS[era] + 1, "month": month, "day": day}
    return {**parameters, "days": days}


def _before(date: tuple[int, int, int], days: int) -> tuple[int, int, int]:
    year, month, day = date
    while day <= days:
        days -= day
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        day = _MONTHS[month - 1]
    return year, month, day - days


def solve(p: Parameters, method: str) -> Worked:
    """Find the western year, then the era, then the year in it."""
    steps = []
    western = p["western"] if "western" in p else FIRST_YEARS[p["era"]] + p["year"] - 1
    if "era" in p:
        offset = FIRST_YEARS[p["era"]] - 1
        steps.append(Step("start", f"{offset} + {p['year']} = {western}", {"era": Who(p["era"])}))
    if p["form"] == "day":
        found, western, era = _count_days(p, western)
        steps += found
    else:
        steps.append(Step("later_year", f"{western} + {p['later']} = {western + p['later']}"))
        western += p["later"]
        era = era_of(western)
        told = {"western": western, "era": Who(era), "first": FIRST_YEARS[era]}
        steps.append(Step("which_era", slots=told))
    year = western - FIRST_YEARS[era] + 1
    equation = (
        f"{western} - {FIRST_YEARS[era] - 1} = {year}"
        if method == "from_year_nought"
        else f"{western} - {FIRST_YEARS[era]} + 1 = {year}"
    )
    steps.append(Step("year_of_era", equation, {"era": Who(era), "western": western}))
    if year == 1:
        steps.append(Step("first_of_era", slots={"era": Who(era)}))
    return Worked(tuple(steps), [era, str(year)])


def _count_days(p: Parameters, western: int) -> tuple[list[Step], int, str]:
    """Go on from month to month, and see on which side of the change the day lies."""
    steps = []
    month, day, days = p["month"], p["day"], p["days"]
    while day + days > _MONTHS[month - 1]:
        rest = _MONTHS[month - 1] - day
        told = {"month": Who(f"month_{month}")}
        if day:
            steps.append(Step("rest_of_month", f"{_MONTHS[month - 1]} - {day} = {rest}", told))
        steps.append(Step("days_left", f"{days} - {rest} = {days - rest}", told))
        days -= rest
        day = 0
        if month == 12:  # noqa: PLR2004 - December
            steps.append(Step("next_year", f"{western} + 1 = {western + 1}"))
            western, month = western + 1, 0
        month += 1
    if day:
        steps.append(Step("same_month", f"{day} + {days} = {day + days}"))
    later_era = ERAS[ERAS.index(p["era"]) + 1]
    passed = (western, month, day + days) >= _CHANGES[later_era]
    c_year, c_month, c_day = _CHANGES[later_era]
    about: dict[str, object] = {"western": western, "month": Who(f"month_{month}"), "day": day + days}
    about |= {"c_year": c_year, "c_month": Who(f"month_{c_month}"), "c_day": c_day}
    about |= {"era": Who(later_era), "old": Who(p["era"])}
    steps.append(Step("after_change" if passed else "before_change", slots=about))
    return steps, western, later_era if passed else p["era"]


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Say the years in the language's own way, and when the eras changed."""
    start = words["in_era"].format(era=words[p["era"]], year=p["year"]) if "era" in p else p["western"]
    if p["form"] == "day":
        return {
            "start": start,
            "month": p["month"],
            "month_name": words[f"month_{p['month']}"],
            "day": p["day"],
            "days": p["days"],
            "change": _change(p["era"], words),
        }
    western = p["western"] if "western" in p else FIRST_YEARS[p["era"]] + p["year"] - 1
    eras = dict.fromkeys((p.get("era", era_of(western + p["later"])), era_of(western + p["later"])))
    first_years = [words["first_year"].format(era=words[era], year=FIRST_YEARS[era]) for era in eras]
    return {"start": start, "later": p["later"], "first_years": words["and"].join(first_years)}


def _change(era: str, words: Words) -> str:
    later_era = ERAS[ERAS.index(era) + 1]
    year, month, day = _CHANGES[later_era]
    told = {"old": words[era], "first": FIRST_YEARS[era], "era": words[later_era]}
    changed: str = words["changed"]
    return changed.format(**told, year=year, month=words[f"month_{month}"], day=day)


FAMILY = Family(
    kind="names",
    draw=draw,
    solve=solve,
    methods=("from_year_nought", "from_first_year"),
    scenes=_SCENES,
    slots=slots,
)
