"""Numbers are written in kanji numerals: 3042 is 三千四十二 (漢数字で書く).

Level n has numbers of n groups of four digits: up to 千, 万, 億 and 兆. No number has a 1 at the place of thousands, where
both 千 and 一千 are written.

Source: 小学校学習指導要領 算数 第4学年「億、兆の単位」.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked
from tanemaki.verify.problems.japanese._kanji import draw_number, groups_of, written

_SCENES = ("plaque", "letter", "calligraphy", "exhibition")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a number of as many groups of four digits as the level says."""
    return {"scene": draw.choose(_SCENES), "number": draw_number(draw, level)}


def solve(p: Parameters, method: str) -> Worked:
    """Write each group of four digits, with its unit, or each place by itself."""
    number = p["number"]
    groups = groups_of(number)
    numeral = "".join(written(group) + unit for group, unit in groups)
    steps = []
    if method == "by_groups" and len(groups) > 1:
        first, *others = groups
        split = " | ".join((str(first[0]), *(f"{group:04d}" for group, _ in others)))
        steps.append(Step("split", slots={"split": split}))
    for group, unit in groups:
        parts = [int(digit) * 10 ** (3 - at) for at, digit in enumerate(f"{group:04d}") if digit != "0"]
        if method == "by_places" or len(groups) == 1:
            steps.append(Step("places", f"{group} = {' + '.join(map(str, parts))}", {"group": group}))
        names = " | ".join(map(written, parts))
        told = {"group": group, "numeral": written(group), "full": written(group) + unit, "parts": names}
        key = "with_unit" if unit else "without_unit"
        steps.append(Step(f"{key}_by_places" if method == "by_places" else key, slots=told))
    if len(groups) > 1:
        steps.append(Step("joined", slots={"numeral": numeral}))
    return Worked(tuple(steps), numeral)


FAMILY = Family(
    kind="text", draw=draw, solve=solve, methods=("by_groups", "by_places"), levels=4, scenes=_SCENES
)
