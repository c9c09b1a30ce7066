"""In how many ways can a few be chosen of two kinds, with at least or at most so many of the first? 組み合わせ.

The level is the number of cases that the condition leaves: two, three, four.

Source: 高等学校学習指導要領 数学A「組合せ」 (committees, at least one).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import comb

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_SCENES = ("committee", "lunch", "books", "bouquet", "team")
_PEOPLE = range(36)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw how many there are, how many are chosen, and a condition that leaves as many cases as the level says."""
    chosen = draw.between(max(3, level + 1), 5)
    asked = draw.choose(("at_least", "at_most"))
    return {
        "scene": draw.choose(_SCENES),
        "asked": asked,
        "chosen": chosen,
        "limit": chosen - level if asked == "at_least" else level,
        "n_first": draw.between(5, 25),
        "n_second": draw.between(5, 25),
        "people": [draw.choose(_PEOPLE)],
    }


def solve(p: Parameters, method: str) -> Worked:
    """Add the cases, or take the other cases away from all."""
    first, second, chosen, limit = p["n_first"], p["n_second"], p["chosen"], p["limit"]
    meant = set(range(limit, chosen + 1) if p["asked"] == "at_least" else range(limit + 1))
    if method == "cases":
        steps, parts = _cases(first, second, chosen, sorted(meant))
        found = sum(parts)
        steps.append(Step("found", f"{' + '.join(map(str, parts))} = {found}"))
        return Worked(tuple(steps), found)
    total = comb(first + second, chosen)
    steps, parts = _cases(first, second, chosen, [k for k in range(chosen + 1) if k not in meant])
    found = total - sum(parts)
    taken = " - ".join(map(str, (total, *parts)))
    return Worked(
        (
            Step("all", f"C({first + second}, {chosen}) = {total}"),
            *steps,
            Step("found", f"{taken} = {found}"),
        ),
        found,
    )


def _cases(first: int, second: int, chosen: int, of_first: list[int]) -> tuple[list[Step], list[int]]:
    steps, parts = [], []
    for k in of_first:
        one, two = comb(first, k), comb(second, chosen - k)
        parts.append(one * two)
        told = {"k": k, "other": chosen - k}
        if k == 0:
            steps.append(Step("case", f"C({second}, {chosen}) = {two}", told))
        elif k == chosen:
            steps.append(Step("case", f"C({first}, {chosen}) = {one}", told))
        else:
            equation = f"C({first}, {k}) × C({second}, {chosen - k}) = {one} × {two} = {one * two}"
            steps.append(Step("case", equation, told))
    return steps, parts


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    return {**p, "condition": words[p["asked"]].format_map({**words, **p})}


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("cases", "complement"), scenes=_SCENES, slots=_slots
)
