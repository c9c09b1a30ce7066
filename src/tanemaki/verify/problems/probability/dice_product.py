"""Is the product of two or three dice a multiple of 2, 3 or 5? Only if one of the dice is.

Level 1 asks for no multiple, level 2 for a multiple with two dice (the complement), level 3 for a multiple with three.

Source: 中学校学習指導要領 数学 第2学年「確率」 and 高等学校 数学A (independent trials, the complement).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import prod

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked
from tanemaki.verify.problems.probability._chances import lowest, quotient

_SCENES = ("dice", "cards", "wheels")
_PEOPLE = range(36)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the dice and the divisor."""
    sides = [draw.between(5, 15) for _ in range(max(2, level))]
    return {
        "form": "three" if len(sides) > 2 else "two",  # noqa: PLR2004 - of two dice or three
        "scene": draw.choose(_SCENES),
        "asked": "no_multiple" if level == 1 else "multiple",
        "divisor": draw.choose((2, 3, 5)),
        **{f"sides_{place}": n for place, n in enumerate(sides, 1)},
        "people": draw.sample(_PEOPLE, len(sides)),
    }


def solve(p: Parameters, method: str) -> Worked:
    """Count the outcomes, or multiply the chances, without any multiple."""
    sides = [p["sides_1"], p["sides_2"], *([p["sides_3"]] if p["form"] == "three" else ())]
    divisor, wants_none = p["divisor"], p["asked"] == "no_multiple"
    free = [[one for one in range(1, n + 1) if one % divisor] for n in sides]
    none, total = prod(map(len, free)), prod(sides)
    steps = []
    if method == "counting":
        for person, found in zip("abc", free, strict=False):
            told = {"person": Who(person), "found": ", ".join(map(str, found)), "n": len(found)}
            steps.append(Step("free", slots=told))
        steps.append(Step("all", f"{' × '.join(map(str, sides))} = {total}"))
        steps.append(Step("none", f"{' × '.join(str(len(found)) for found in free)} = {none}"))
        if not wants_none:
            steps.append(Step("some", f"{total} - {none} = {total - none}"))
        n = none if wants_none else total - none
        steps.append(Step("chance", quotient(n, total)))
        return Worked(tuple(steps), lowest(n, total))
    for person, found, n in zip("abc", free, sides, strict=False):
        steps.append(Step("chance_one", quotient(len(found), n), {"person": Who(person)}))
    chances = [lowest(len(found), n) for found, n in zip(free, sides, strict=True)]
    chance_none = Fraction(none, total)
    steps.append(Step("chance_none", f"{' × '.join(chances)} = {chance_none}"))
    if wants_none:
        return Worked(tuple(steps), str(chance_none))
    steps.append(Step("chance", f"1 - {chance_none} = {1 - chance_none}"))
    return Worked(tuple(steps), str(1 - chance_none))


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    divisor = str(p["divisor"])
    return {
        **p,
        "condition": words[f"{p['asked']}_{divisor}"],
        "no_multiple": words[f"no_multiple_{divisor}"],
        "every": words[f"every_{divisor}"],
    }


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("counting", "multiplication"),
    scenes=_SCENES,
    slots=_slots,
)
