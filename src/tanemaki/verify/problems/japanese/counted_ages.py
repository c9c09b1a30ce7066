"""Ages by the old Japanese count, where everybody is one at birth and grows older at New Year: 数え年.

Level 1 asks for the counted age in a year, level 2 how long it is to the celebrated age of somebody born in a year of
an era, level 3 for the sum of the counted ages of two people.

Source: 年齢のとなえ方に関する法律 (1949), which replaced the count; 還暦, 古希, 喜寿, 米寿 and 白寿 are still celebrated
by it.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked
from tanemaki.verify.problems.japanese._eras import FIRST_YEARS, draw_year

_FORMS = {1: "age", 2: "celebration", 3: "together"}
_CELEBRATED = {"kanreki": 61, "koki": 70, "kiju": 77, "sanju": 80, "beiju": 88, "sotsuju": 90, "hakuju": 99}
_N_PEOPLE = 36


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw when somebody was born, and what is asked."""
    parameters: dict[str, Json] = {"form": _FORMS[level]}
    if level == 1:
        born = draw.between(1930, 2018)
        asked = draw.between(born + 3, min(born + 95, 2026))
        return {**parameters, "people": [draw.below(_N_PEOPLE)], "born": born, "asked": asked}
    era, year = draw_year(draw, 2, 3)
    parameters |= {"era": era, "year": year}
    if level == 2:  # noqa: PLR2004 - of three
        celebrated = draw.choose(tuple(_CELEBRATED))
        born = FIRST_YEARS[era] + year - 1
        asked = draw.between(born + 3, min(born + _CELEBRATED[celebrated] - 3, 2026))
        return {**parameters, "people": [draw.below(_N_PEOPLE)], "celebrated": celebrated, "asked": asked}
    other_era, other_year = draw_year(draw, 2, 3)
    first, second = draw.sample(range(_N_PEOPLE), 2)
    western = max(FIRST_YEARS[era] + year, FIRST_YEARS[other_era] + other_year) - 1
    parameters |= {"people": [first, second], "other_era": other_era, "other_year": other_year}
    return {**parameters, "asked": draw.between(max(western + 2, 2000), 2026)}


def solve(p: Parameters, method: str) -> Worked:
    """Add one to the difference of the years, or begin to count in the year before the birth."""
    if p["form"] == "age":
        steps, age = _age(p["born"], p["asked"], "a", method)
        return Worked(tuple(steps), age)
    born = FIRST_YEARS[p["era"]] + p["year"] - 1
    steps = [_western(p["era"], p["year"], "a")]
    if p["form"] == "celebration":
        age = _CELEBRATED[p["celebrated"]]
        if method == "difference":
            steps.append(Step("years_later", f"{age} - 1 = {age - 1}"))
            steps.append(Step("celebration", f"{born} + {age - 1} = {born + age - 1}"))
        else:
            steps.append(Step("year_nought", f"{born} - 1 = {born - 1}", {"who": Who("a")}))
            steps.append(Step("celebration", f"{born - 1} + {age} = {born + age - 1}"))
        left = born + age - 1 - p["asked"]
        return Worked((*steps, Step("left", f"{born + age - 1} - {p['asked']} = {left}")), left)
    other = FIRST_YEARS[p["other_era"]] + p["other_year"] - 1
    found, age = _age(born, p["asked"], "a", method)
    more, other_age = _age(other, p["asked"], "b", method)
    steps += [*found, _western(p["other_era"], p["other_year"], "b"), *more]
    steps.append(Step("together", f"{age} + {other_age} = {age + other_age}"))
    return Worked(tuple(steps), age + other_age)


def _western(era: str, year: int, who: str) -> Step:
    return Step("born", f"{FIRST_YEARS[era] - 1} + {year} = {FIRST_YEARS[era] - 1 + year}", {"who": Who(who)})


def _age(born: int, asked: int, who: str, method: str) -> tuple[list[Step], int]:
    told = {"who": Who(who)}
    age = asked - born + 1
    if method == "difference":
        steps = [
            Step("years", f"{asked} - {born} = {asked - born}", told),
            Step("age", f"{asked - born} + 1 = {age}", told),
        ]
    else:
        steps = [
            Step("year_nought", f"{born} - 1 = {born - 1}", told),
            Step("age", f"{asked} - {born - 1} = {age}", told),
        ]
    return steps, age


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Say the years of birth, and the celebration with its age."""
    told: dict[str, object] = {key: p[key] for key in ("born", "asked") if key in p}
    if "era" in p:
        told["birth"] = words["in_era"].format(era=words[p["era"]], year=p["year"])
    if "other_era" in p:
        told["other_birth"] = words["in_era"].format(era=words[p["other_era"]], year=p["other_year"])
    if "celebrated" in p:
        told |= {"celebrated": words[p["celebrated"]], "n": _CELEBRATED[p["celebrated"]]}
    if "era" in p:
        eras = dict.fromkeys((p["era"], p.get("other_era", p["era"])))
        told["first_years"] = words["and"].join(
            words["first_year"].format(era=words[era], year=FIRST_YEARS[era]) for era in eras
        )
    return told


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("difference", "from_the_year_before"), slots=slots
)
