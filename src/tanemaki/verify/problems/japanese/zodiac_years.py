"""Which of the twelve animals a year belongs to: 十二支.

Level 1 goes less than twelve years from a year whose animal is told, level 2 up to a hundred, level 3 starts from a year of
an era.

Source: ours; the cycle of twelve years is that of Japanese calendars and New Year cards, where 2020 was a year of the rat.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked
from tanemaki.verify.problems.japanese._eras import FIRST_YEARS, draw_year

_ANIMALS = (
    *("rat", "ox", "tiger", "rabbit", "dragon", "snake"),
    *("horse", "sheep", "monkey", "rooster", "dog", "boar"),
)
_A_YEAR_OF_THE_RAT = 2020
_THIS_YEAR = 2026
"""What is found does not come from the future."""
_SCENES = ("card", "shrine", "album", "calendar")
_FORMS = {1: "near", 2: "far", 3: "era"}
_N_PEOPLE = 36


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the year that is known and the one that is asked for."""
    parameters: dict[str, Json] = {
        "scene": draw.choose(_SCENES),
        "form": _FORMS[level],
        "people": [draw.below(_N_PEOPLE)],
    }
    if level == 3:  # noqa: PLR2004 - of three
        era, year = draw_year(draw, 0, 3)
        western, known = FIRST_YEARS[era] + year - 1, draw.between(2018, _THIS_YEAR)
        return {
            **parameters,
            "era": era,
            "year": year,
            "known": known,
            "animal": _animal(known),
            "western": western,
        }
    known = draw.between(1950, _THIS_YEAR)
    distance = draw.between(2, 11) if level == 1 else draw.between(13, 70)
    later = draw.below(2) and known + distance <= _THIS_YEAR
    asked = known + distance if later else known - distance
    return {**parameters, "known": known, "animal": _animal(known), "asked": asked}


def _animal(year: int) -> str:
    return _ANIMALS[(year - _A_YEAR_OF_THE_RAT) % 12]


def solve(p: Parameters, method: str) -> Worked:
    """Count from the year that is known, or use the remainder by twelve."""
    asked, known = p["western"] if "western" in p else p["asked"], p["known"]
    steps = []
    if "era" in p:
        steps.append(
            Step("western", f"{FIRST_YEARS[p['era']] - 1} + {p['year']} = {asked}", {"era": Who(p["era"])})
        )
    answer = _animal(asked)
    if method == "remainder":
        known_rest, rest = known % 12, asked % 12
        steps.append(Step("rest_of_known", f"{known} - 12 × {known // 12} = {known_rest}", {"known": known}))
        steps.append(Step("rest", f"{asked} - 12 × {asked // 12} = {rest}", {"asked": asked}))
        further = (rest - known_rest) % 12
        told = {"n": further, "known_animal": Who(p["animal"]), "found": Who(answer)}
        steps.append(Step("counted_on" if further else "same", slots=told))
        return Worked(tuple(steps), answer)
    later, earlier = max(asked, known), min(asked, known)
    steps.append(Step("distance", f"{later} - {earlier} = {later - earlier}"))
    cycles, rest = divmod(later - earlier, 12)
    if cycles and rest:
        steps.append(Step("without_cycles", f"{later - earlier} - 12 × {cycles} = {rest}"))
    elif cycles:
        steps.append(Step("whole_cycles", f"12 × {cycles} = {later - earlier}"))
    told = {"n": rest, "known_animal": Who(p["animal"]), "found": Who(answer)}
    key = "same" if not rest else "counted_on" if asked > known else "counted_back"
    steps.append(Step(key, slots=told))
    return Worked(tuple(steps), answer)


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Say the years, and the animal of the one that is known."""
    asked = words["in_era"].format(era=words[p["era"]], year=p["year"]) if "era" in p else p["asked"]
    told: dict[str, object] = {"known": p["known"], "known_animal": words[p["animal"]], "asked": asked}
    if "era" in p:
        told["first_year"] = words["first_year"].format(era=words[p["era"]], year=FIRST_YEARS[p["era"]])
    return told


FAMILY = Family(
    kind="name",
    draw=draw,
    solve=solve,
    methods=("count", "remainder"),
    scenes=_SCENES,
    slots=slots,
)
