"""Quartiles and the interquartile range, as Japanese schools define them (四分位数).

The data are parted in the middle, and a middle value that is alone belongs to neither half; the quartiles are the medians
of the halves. Level 1 asks for one quartile, level 2 for the interquartile range, level 3 compares it for two lists.

Source: 中学校学習指導要領 数学 第2学年「データの活用」 (四分位範囲, 箱ひげ図).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked, decimal

_SCENES = ("situps", "books", "steps", "goals")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the numbers; on level 3 the range of the first list is the wider one."""
    scene = draw.choose(_SCENES)
    values = _values(draw, level)
    if level == 1:
        return {"scene": scene, "form": draw.choose(("first", "third")), "values": values}
    if level == 2:  # noqa: PLR2004 - of three
        return {"scene": scene, "form": "range", "values": values}
    others = _values(draw, level)
    if _range(values) < _range(others):
        values, others = others, values
    if _range(values) == _range(others):
        middle = sorted(values)[-(len(values) // 2)]
        values = [value + 3 if value >= middle else value for value in values]
    return {"scene": scene, "form": "difference", "values": values, "others": others}


def _values(draw: Draw, level: int) -> list[int]:
    n = draw.between(7, 11) if level < 3 else draw.between(7, 9)  # noqa: PLR2004 - of three
    return [draw.between(8, 60) for _ in range(n)]


def _range(values: list[int]) -> int:
    """Twice the interquartile range: a whole number."""
    ordered, half = sorted(values), len(values) // 2
    low, high = ordered[:half], ordered[-half:]
    return high[(half - 1) // 2] + high[half // 2] - low[(half - 1) // 2] - low[half // 2]


def solve(p: Parameters, method: str) -> Worked:  # noqa: ARG001 - the contract's form
    """Put in order, part in the middle, find the medians of the halves."""
    if p["form"] == "difference":
        one, first = _interquartile(p["values"], "of_a")
        other, second = _interquartile(p["others"], "of_b")
        difference = first - second
        equation = f"{decimal(first)} - {decimal(second)} = {decimal(difference)}"
        return Worked((*one, *other, Step("difference", equation)), _answer(difference))
    if p["form"] == "range":
        steps, found = _interquartile(p["values"], "of_one")
        return Worked(tuple(steps), _answer(found))
    low, high, steps = _halves(p["values"], "of_one")
    place = p["form"]
    last, quartile = _quartile(low if place == "first" else high, place, "of_one")
    return Worked((*steps, last), _answer(quartile))


def _answer(value: Fraction) -> Json:
    return value.numerator if value.denominator == 1 else decimal(value)


def _halves(values: list[int], of: str) -> tuple[list[int], list[int], list[Step]]:
    ordered, half = sorted(values), len(values) // 2
    low, high = ordered[:half], ordered[-half:]
    told: dict[str, object] = {
        "of": Who(of),
        "ordered": _joined(ordered),
        "low": _joined(low),
        "high": _joined(high),
    }
    told["middle"] = ordered[half]
    key = "halves_without_middle" if len(values) % 2 else "halves"
    return low, high, [Step("in_order", slots=told), Step(key, slots=told)]


def _quartile(half: list[int], place: str, of: str) -> tuple[Step, Fraction]:
    n = len(half)
    low, high = half[(n - 1) // 2], half[n // 2]
    quartile = Fraction(low + high, 2)
    if n % 2:
        return Step(f"{place}_is", slots={"of": Who(of), "quartile": low, "half": _joined(half)}), quartile
    return Step(place, f"({low} + {high}) ÷ 2 = {decimal(quartile)}", {"of": Who(of)}), quartile


def _interquartile(values: list[int], of: str) -> tuple[list[Step], Fraction]:
    low, high, steps = _halves(values, of)
    one, first = _quartile(low, "first", of)
    other, third = _quartile(high, "third", of)
    equation = f"{decimal(third)} - {decimal(first)} = {decimal(third - first)}"
    return [*steps, one, other, Step("range", equation, {"of": Who(of)})], third - first


def _joined(values: list[int]) -> str:
    return ", ".join(map(str, values))


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Join the lists."""
    told = {"list": words["comma"].join(map(str, p["values"]))}
    if "others" in p:
        told["others"] = words["comma"].join(map(str, p["others"]))
    return told


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("halves",), scenes=_SCENES, slots=slots)
