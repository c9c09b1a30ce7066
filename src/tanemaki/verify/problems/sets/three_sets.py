"""How many are in one of three sets, in none, in exactly one: 包除原理.

Level 1 asks for the union, level 2 for those in no set, level 3 for those in exactly one, where the triple
intersection must be found first.

Source: 高等学校学習指導要領 数学A「場合の数と確率」 (the number of elements of a set, three sets).
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_SCENES = ("pets", "instruments", "languages", "cities", "fruits")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the eight regions; told are the sets, their intersections and what the form needs."""
    only = [draw.between(4, 40) for _ in range(3)]
    two = [draw.between(2, 15) for _ in range(3)]
    three, none = draw.between(2, 12), draw.between(3, 30)
    told: dict[str, Json] = {
        "scene": draw.choose(_SCENES),
        "form": ("union", "none", "exactly_one")[level - 1],
        "first": only[0] + two[0] + two[2] + three,
        "second": only[1] + two[0] + two[1] + three,
        "third": only[2] + two[1] + two[2] + three,
        "first_second": two[0] + three,
        "second_third": two[1] + three,
        "third_first": two[2] + three,
    }
    total = sum(only) + sum(two) + three + none
    if level == 1:
        return {**told, "all": three}
    return {**told, "total": total, "all": three} if level == 2 else {**told, "total": total, "none": none}  # noqa: PLR2004 - of three


def solve(p: Parameters, method: str) -> Worked:
    """Add singles, take pairs away, add the triple; or fill the seven regions of the diagram."""
    single, pairs = (
        [p["first"], p["second"], p["third"]],
        [p["first_second"], p["second_third"], p["third_first"]],
    )
    steps = []
    if "all" in p:
        three = p["all"]
        union = sum(single) - sum(pairs) + three
    else:
        union = p["total"] - p["none"]
        three = union - sum(single) + sum(pairs)
        steps = [Step("union", f"{p['total']} - {p['none']} = {union}"), *_sums(single, pairs)]
        steps.append(Step("all", f"{union} - {sum(single)} + {sum(pairs)} = {three}"))
    one = sum(single) - 2 * sum(pairs) + 3 * three
    if p["form"] == "exactly_one":
        if method == "formula":
            steps.append(Step("twice_too_often"))
            steps.append(Step("exactly_one", f"{sum(single)} - 2 × {sum(pairs)} + 3 × {three} = {one}"))
            return Worked(tuple(steps), one)
        only = _regions(single, pairs, three)
        alone = [int(step.equation.rsplit(" ", 1)[1]) for step in only[3:]]
        return Worked((*steps, *only, Step("exactly_one", f"{' + '.join(map(str, alone))} = {one}")), one)
    if method == "formula":
        steps = [*_sums(single, pairs), Step("union", f"{sum(single)} - {sum(pairs)} + {three} = {union}")]
    else:
        steps = _regions(single, pairs, three)
        parts = [step.equation.rsplit(" ", 1)[1] for step in (*steps[3:], *steps[:3])]
        steps.append(Step("union", f"{' + '.join(parts)} + {three} = {union}"))
    if p["form"] == "union":
        return Worked(tuple(steps), union)
    steps.append(Step("none", f"{p['total']} - {union} = {p['total'] - union}"))
    return Worked(tuple(steps), p["total"] - union)


def _sums(single: list[int], pairs: list[int]) -> list[Step]:
    return [
        Step("singles", f"{single[0]} + {single[1]} + {single[2]} = {sum(single)}"),
        Step("pairs", f"{pairs[0]} + {pairs[1]} + {pairs[2]} = {sum(pairs)}"),
    ]


def _regions(single: list[int], pairs: list[int], three: int) -> list[Step]:
    """Return the regions in two sets alone, then those in one set alone."""
    two = [pair - three for pair in pairs]
    steps = [
        Step(key, f"{pair} - {three} = {rest}")
        for key, pair, rest in zip(("two_12", "two_23", "two_31"), pairs, two, strict=True)
    ]
    for at, key in enumerate(("only_1", "only_2", "only_3")):
        left, right = two[at], two[at - 1]
        rest = single[at] - left - right - three
        steps.append(Step(key, f"{single[at]} - ({left} + {right} + {three}) = {rest}"))
    return steps


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("formula", "diagram"), scenes=_SCENES)
