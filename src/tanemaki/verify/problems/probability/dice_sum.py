"""The sum of two or three dice, which need not have six faces: at least, at most, exactly.

Level 1 asks for one sum of two dice, level 2 for a few, level 3 for nearly all, level 4 for nearly all sums of three dice.

Source: 中学校学習指導要領 数学 第2学年「確率」 (two dice, all cases counted; the complement). A sum of 3 or more with
two dice is the classic where the complement saves the work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked
from tanemaki.verify.problems.probability._chances import lowest, quotient

_SCENES = ("dice", "cards", "wheels")
_PEOPLE = range(36)
_MOST_SUMS = 4
"""So many sums are listed one by one at most."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the dice, and a limit that leaves as many sums as the level says."""
    sides = [(draw.between(4, 10), draw.between(5, 7), draw.between(6, 8))[max(0, level - 2)]]
    sides += [draw.between(4, 8), draw.between(4, 8)] if level == 4 else [draw.between(5, 12)]  # noqa: PLR2004 - the last level
    low, high = len(sides), sum(sides)
    asked = draw.choose(("at_least", "at_most"))
    if level == 1:
        asked, limit = "exactly", draw.between(low + 2, high - 2)
    elif level == 2:  # noqa: PLR2004 - the second level
        few = draw.between(1, 3)
        limit = high - few if asked == "at_least" else low + few
    else:
        few = draw.between(1, 3)
        limit = low + few if asked == "at_least" else high - few
    return {
        "form": "three" if len(sides) > 2 else "two",  # noqa: PLR2004 - of two dice or three
        "scene": draw.choose(_SCENES),
        "asked": asked,
        "limit": limit,
        **{f"sides_{place}": n for place, n in enumerate(sides, 1)},
        "people": draw.sample(_PEOPLE, len(sides)),
    }


def solve(p: Parameters, method: str) -> Worked:
    """Count the outcomes by their sums, or those that are not meant; where few are meant, by the first number instead."""
    sides = [p["sides_1"], p["sides_2"], *([p["sides_3"]] if p["form"] == "three" else ())]
    limit, total = p["limit"], prod(sides)
    lowest_sum, highest_sum = len(sides), sum(sides)
    first = lowest_sum if p["asked"] == "at_most" else limit
    last = highest_sum if p["asked"] == "at_least" else limit
    wanted = list(range(first, last + 1))
    steps = [Step("all", f"{' × '.join(map(str, sides))} = {total}")]
    others = [*range(lowest_sum, first), *range(last + 1, highest_sum + 1)]
    if method == "complement" and len(others) <= _MOST_SUMS:
        counted, n_others = _by_sums(sides, others, "other_cases")
        n = total - n_others
        steps += (*counted, Step("cases", f"{total} - {n_others} = {n}"))
    else:
        by_sums = method == "enumeration" and len(wanted) <= _MOST_SUMS
        counted, n = _by_sums(sides, wanted, "cases") if by_sums else _by_first(sides, wanted)
        steps += counted
    steps.append(Step("chance", quotient(n, total)))
    return Worked(tuple(steps), lowest(n, total))


def _by_sums(sides: Sequence[int], sums: Sequence[int], key: str) -> tuple[list[Step], int]:
    """Return the steps that list the outcomes with each of the sums, and their number."""
    steps, counts = [], []
    for one in sums:
        found = _outcomes(sides, one)
        counts.append(len(found))
        steps.append(Step("listed", slots={"sum": one, "found": ", ".join(found), "n": len(found)}))
    return _added(steps, counts, key)


def _by_first(sides: Sequence[int], sums: Sequence[int]) -> tuple[list[Step], int]:
    """Return the steps that count the outcomes by what the first person has, and their number."""
    rows = [_row(sides, first, sums) for first in range(1, sides[0] + 1)]
    return _added([step for step, n in rows if n], [n for _, n in rows if n], "cases")


def _added(steps: list[Step], counts: list[int], key: str) -> tuple[list[Step], int]:
    n = sum(counts)
    if len(counts) > 1:
        steps.append(Step(key, f"{' + '.join(map(str, counts))} = {n}"))
    return steps, n


def _outcomes(sides: Sequence[int], total: int) -> list[str]:
    """Return the outcomes with a sum, as they are written."""
    if len(sides) == 2:  # noqa: PLR2004 - two dice
        one, two = sides
        return [f"({i}, {total - i})" for i in range(max(1, total - two), min(one, total - 1) + 1)]
    one, two, three = sides
    return [
        f"({i}, {j}, {total - i - j})"
        for i in range(max(1, total - two - three), min(one, total - 2) + 1)
        for j in range(max(1, total - i - three), min(two, total - i - 1) + 1)
    ]


def _row(sides: Sequence[int], first: int, sums: Sequence[int]) -> tuple[Step, int]:
    """Return the step that counts the outcomes that begin with a number."""
    if len(sides) == 2:  # noqa: PLR2004 - two dice
        values = [one - first for one in sums if 1 <= one - first <= sides[1]]
        slots = {"first": first, "values": ", ".join(map(str, values)), "n": len(values)}
        return Step("row", slots=slots), len(values)
    _, two, three = sides
    pairs = [min(one - first - 1, two) - max(1, one - first - three) + 1 for one in sums]
    pairs = [n for n in pairs if n > 0]
    n = sum(pairs)
    equation = f"{two} × {three} = {n}" if n == two * three else f"{' + '.join(map(str, pairs))} = {n}"
    return Step("row_of_pairs", equation, {"first": first}), n


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    return {**p, "condition": words[p["asked"]].replace("#", str(p["limit"]))}


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("enumeration", "complement"),
    levels=4,
    scenes=_SCENES,
    slots=_slots,
)
