"""Years that are told in Japanese eras are reckoned with: 昭和48年 is 1973 (和暦から西暦へ).

Level 1 asks for a western year some years after one of an era, level 2 for the time between years of two eras, level 3 for
the time between a year after the first one and a third.

Source: 元号法 (1979) and 一世一元の詔 (1868);
to turn the years of an era into western ones is everyday life in Japan.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked
from tanemaki.verify.problems.japanese._eras import ERAS, FIRST_YEARS, draw_year

_SCENES = ("school", "bridge", "shop", "station", "hall", "theatre", "lighthouse", "community")
_FORMS = {1: "after", 2: "between", 3: "after_between"}
_NOW = 2025
"""Nothing that is told lies after this year."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw one year of an era and how many years later, or a year of a later era."""
    era, year = draw_year(draw, 0, 3 if level == 1 else 2)
    western = FIRST_YEARS[era] + year - 1
    parameters: dict[str, Json] = {
        "scene": draw.choose(_SCENES),
        "form": _FORMS[level],
        "era": era,
        "year": year,
    }
    if level == 1:
        return {**parameters, "later": draw.between(3, min(80, _NOW - western))}
    later_era, later_year = draw_year(draw, ERAS.index(era) + 1, 4)
    parameters |= {"later_era": later_era, "later_year": later_year}
    if level == 3:  # noqa: PLR2004 - of three
        most = FIRST_YEARS[later_era] + later_year - 1 - western
        parameters["later"] = draw.between(1, most - 1)
    return parameters


def solve(p: Parameters, method: str) -> Worked:
    """Turn each year into a western one, by the era's first year or by the one before it."""
    steps = [_western("first", p["era"], p["year"], method)]
    western = FIRST_YEARS[p["era"]] + p["year"] - 1
    if "later" in p:
        steps.append(Step("renewed", f"{western} + {p['later']} = {western + p['later']}"))
        western += p["later"]
    if "later_era" not in p:
        return Worked(tuple(steps), western)
    last = FIRST_YEARS[p["later_era"]] + p["later_year"] - 1
    steps.append(_western("second", p["later_era"], p["later_year"], method))
    steps.append(Step("between", f"{last} - {western} = {last - western}"))
    return Worked(tuple(steps), last - western)


def _western(key: str, era: str, year: int, method: str) -> Step:
    first = FIRST_YEARS[era]
    if method == "from_year_nought":
        return Step(key, f"{first - 1} + {year} = {first - 1 + year}", {"era": Who(era)})
    return Step(key, f"{first} + ({year} - 1) = {first - 1 + year}", {"era": Who(era)})


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Say the years in the language's own way, and what the first years of the eras are."""
    told: dict[str, object] = {"built": words["in_era"].format(era=words[p["era"]], year=p["year"])}
    eras = [p["era"]]
    if "later" in p:
        told["later"] = p["later"]
    if "later_era" in p:
        told["again"] = words["in_era"].format(era=words[p["later_era"]], year=p["later_year"])
        eras.append(p["later_era"])
    first_years = [words["first_year"].format(era=words[era], year=FIRST_YEARS[era]) for era in eras]
    return {**told, "first_years": words["and"].join(first_years)}


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("from_year_nought", "from_first_year"),
    scenes=_SCENES,
    slots=slots,
)
