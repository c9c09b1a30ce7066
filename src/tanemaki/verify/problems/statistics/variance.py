"""Variance and standard deviation of a few whole numbers (分散, 標準偏差).

Level 1 asks for the variance of four numbers, level 2 for the standard deviation of five, level 3 for the difference
between the variances of two lists.

Source: 高等学校学習指導要領 数学Ⅰ「データの分析」; both formulas are taught there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import combinations_with_replacement
from math import isqrt

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_FORMS = {1: "variance", 2: "deviation", 3: "difference"}
_SCENES = ("quiz", "throws", "hours", "eggs")
_FARTHEST = 9
"""From the mean, in both directions."""


@cache
def _deviations(n: int) -> tuple[tuple[int, ...], ...]:
    """All lists of n deviations that add up to nought, with a whole variance and three different ones; by variance."""
    found = (
        one
        for one in combinations_with_replacement(range(-_FARTHEST, _FARTHEST + 1), n)
        if sum(one) == 0 and len(set(one)) > 2 and sum(away * away for away in one) % n == 0  # noqa: PLR2004 - not all alike
    )
    return tuple(sorted(found, key=_variance))


@cache
def _even_deviations(n: int) -> tuple[tuple[int, ...], ...]:
    """Those of them whose standard deviation is whole."""
    return tuple(one for one in _deviations(n) if isqrt(_variance(one)) ** 2 == _variance(one))


def _variance(deviations: tuple[int, ...]) -> int:
    return sum(away * away for away in deviations) // len(deviations)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a mean, and deviations from it."""
    parameters: dict[str, Json] = {"scene": draw.choose(_SCENES), "form": _FORMS[level]}
    if level == 1:
        return {**parameters, "values": _values(draw, draw.choose(_deviations(4)))}
    if level == 2:  # noqa: PLR2004 - of three
        return {**parameters, "values": _values(draw, draw.choose(_even_deviations(5)))}
    lists = _deviations(4)
    other, one = draw.choose(lists[: len(lists) // 3]), draw.choose(lists[-len(lists) // 3 :])
    return {**parameters, "values": _values(draw, one), "others": _values(draw, other)}


def _values(draw: Draw, deviations: tuple[int, ...]) -> list[int]:
    mean = draw.between(_FARTHEST + 2, 60)
    return [mean + away for away in draw.sample(deviations, len(deviations))]


def solve(p: Parameters, method: str) -> Worked:
    """Use the mean of the squared deviations, or the mean of the squares less the square of the mean."""
    if p["form"] == "difference":
        one, first = _steps(p["values"], method, "of_a")
        other, second = _steps(p["others"], method, "of_b")
        last = Step("difference", f"{first} - {second} = {first - second}")
        return Worked((*one, *other, last), first - second)
    steps, variance = _steps(p["values"], method, "of_one")
    if p["form"] == "variance":
        return Worked(tuple(steps), variance)
    deviation = isqrt(variance)
    return Worked((*steps, Step("deviation", f"√{variance} = {deviation}")), deviation)


def _steps(values: list[int], method: str, of: str) -> tuple[list[Step], int]:
    n, total = len(values), sum(values)
    mean = total // n
    which = {"of": Who(of)}
    steps = [
        Step("total", f"{' + '.join(map(str, values))} = {total}", which),
        Step("mean", f"{total} ÷ {n} = {mean}", which),
    ]
    if method == "deviations":
        squares = sum((value - mean) ** 2 for value in values)
        terms = " + ".join(f"({value} - {mean})²" for value in values)
        steps.append(Step("squared_deviations", f"{terms} = {squares}", which))
        steps.append(Step("variance", f"{squares} ÷ {n} = {squares // n}", which))
        return steps, squares // n
    squares = sum(value * value for value in values)
    steps.append(Step("squares", f"{' + '.join(f'{value}²' for value in values)} = {squares}", which))
    steps.append(Step("variance", f"{squares} ÷ {n} - {mean}² = {squares // n - mean * mean}", which))
    return steps, squares // n - mean * mean


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Join the lists."""
    told = {"list": words["comma"].join(map(str, p["values"]))}
    if "others" in p:
        told["others"] = words["comma"].join(map(str, p["others"]))
    return told


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("deviations", "squares"),
    scenes=_SCENES,
    slots=slots,
)
