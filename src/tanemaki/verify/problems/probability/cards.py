"""The sum of two cards drawn at once from a few numbered ones: even, odd, a multiple of three.

The level is the number of cards: four, five, six.

Source: 中学校学習指導要領 数学 第2学年「確率」 (two cards drawn at once, all pairs written down); by remainders:
高等学校 数学A.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked
from tanemaki.verify.problems.probability._chances import lowest, quotient

_PEOPLE = range(36)
_REMAINDERS = {"even": (2, 0), "odd": (2, 1), "multiple_of_3": (3, 0)}
"""Divisor, and the remainder that the sum must leave."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the cards, both odd and even ones, and what is asked: something that some of the pairs have."""
    cards = [2 * draw.between(1, 20), 2 * draw.between(1, 20) - 1]
    cards += draw.sample([one for one in range(1, 41) if one not in cards], level + 1)
    cards.sort()
    asked = draw.choose([one for one in _REMAINDERS if _fitting(cards, one)])
    return {"cards": cards, "asked": asked, "people": [draw.choose(_PEOPLE)]}


def solve(p: Parameters, method: str) -> Worked:
    """Write all pairs down, or count by the remainders of the cards."""
    cards = p["cards"]
    n = len(cards)
    total = n * (n - 1) // 2
    steps = [Step("all", f"{n} × {n - 1} ÷ 2 = {total}")]
    counted, cases = (_list if method == "enumeration" else _sort)(cards, p["asked"])
    return Worked((*steps, *counted, Step("chance", quotient(cases, total))), lowest(cases, total))


def _fitting(cards: Sequence[int], asked: str) -> list[tuple[int, int]]:
    divisor, wanted = _REMAINDERS[asked]
    return [pair for pair in combinations(cards, 2) if sum(pair) % divisor == wanted]


def _list(cards: Sequence[int], asked: str) -> tuple[list[Step], int]:
    steps, counts = [], []
    fitting = _fitting(cards, asked)
    for first in cards[:-1]:
        found = [pair for pair in fitting if pair[0] == first]
        if found:
            told = {"first": first, "found": ", ".join(map(str, found)), "n": len(found)}
            steps.append(Step("row", slots=told))
            counts.append(len(found))
        else:
            steps.append(Step("no_row", slots={"first": first}))
    if len(counts) > 1:
        steps.append(Step("cases", f"{' + '.join(map(str, counts))} = {sum(counts)}"))
    return steps, sum(counts)


def _sort(cards: Sequence[int], asked: str) -> tuple[list[Step], int]:
    divisor, wanted = _REMAINDERS[asked]
    steps, counts = [], []
    classes = [[one for one in cards if one % divisor == left] for left in range(divisor)]
    for left, found in enumerate(classes):
        if found:
            told = {"divisor": divisor, "left": left, "found": ", ".join(map(str, found)), "n": len(found)}
            steps.append(Step("class", slots=told))
    for left, found in enumerate(classes):
        other = (wanted - left) % divisor
        size, size_other = len(found), len(classes[other])
        told = {"left": left, "other": other}
        if other == left and size > 1:
            counts.append(size * (size - 1) // 2)
            steps.append(Step("pairs_of_class", f"{size} × {size - 1} ÷ 2 = {counts[-1]}", told))
        elif left < other and size and size_other:
            counts.append(size * size_other)
            steps.append(Step("pairs_across", f"{size} × {size_other} = {counts[-1]}", told))
    if len(counts) > 1:
        steps.append(Step("cases", f"{' + '.join(map(str, counts))} = {sum(counts)}"))
    return steps, sum(counts)


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    shown = words["comma"].join(map(str, p["cards"]))
    return {**p, "cards": shown, "n_cards": len(p["cards"]), "condition": words[p["asked"]]}


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("enumeration", "remainders"), slots=_slots)
