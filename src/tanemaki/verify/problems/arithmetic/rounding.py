"""Rounding to the nearest: 四捨五入, 上から2けたの概数, 以上・未満のはんい, and estimates.

Level 1 rounds to a place, level 2 rounds to two figures or asks which numbers are rounded to one, level 3 estimates a
sum or difference of two rounded numbers, or a product of two numbers rounded to one figure.

Source: 小学校学習指導要領 算数 第4学年 A 数と計算 (概数と四捨五入, 目的に応じた四則計算の結果の見積り).
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_FORMS = {1: ("place",), 2: ("figures", "figures", "least", "greatest"), 3: ("sum", "difference", "product")}
_SIGNS = {"sum": "+", "difference": "-", "product": "×"}
_SCENES = ("site", "library", "gifts", "film", "factory")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw numbers of three to six digits; none of them is round already."""
    form = draw.choose(_FORMS[level])
    place = draw.between(1, 3)
    p: dict[str, Json] = {"form": form, "scene": draw.choose(_SCENES), "place": place}
    if form in ("least", "greatest"):
        p["rounded"] = draw.between(11, 9999) * 10**place
    elif form == "place":
        p["number"] = _between_round(draw, draw.between(2, 999), place)
    elif form == "figures":
        p["number"] = _between_round(draw, draw.between(10, 98), place)
    elif form == "product":
        p["first"] = _between_round(draw, draw.between(1, 9), draw.between(2, 3))
        p["second"] = _between_round(draw, draw.between(1, 9), draw.between(1, 2))
    else:
        high = draw.between(3, 99)
        p["first"] = _between_round(draw, high, place)
        p["second"] = _between_round(draw, draw.between(1, high - 2), place)
    return p


def _between_round(draw: Draw, high: int, place: int) -> int:
    unit: int = 10**place
    return high * unit + draw.between(1, unit - 1)


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Add the place by its name."""
    return {**p, "place_name": words[f"place_{p['place']}"]}


def solve(p: Parameters, method: str) -> Worked:
    """Look at the digit below the place, or at the two round neighbours."""
    form, place = p["form"], p["place"]
    steps: list[Step] = []
    if form in ("least", "greatest"):
        return _edge(p["rounded"], 10**place, form, method)
    if form == "figures":
        place = len(str(p["number"])) - 2
        steps.append(Step("which_place", slots={"place_name": Who(f"place_{place}")}))
    if form in ("figures", "place"):
        value = _rounded(steps, p["number"], place, method)
        return Worked(tuple(steps), value)
    first, second = (
        _rounded(steps, number, len(str(number)) - 1 if form == "product" else place, method)
        for number in (p["first"], p["second"])
    )
    value = first * second if form == "product" else first + second if form == "sum" else first - second
    steps.append(Step(form, f"{first} {_SIGNS[form]} {second} = {value}"))
    return Worked(tuple(steps), value)


def _rounded(steps: list[Step], number: int, place: int, method: str) -> int:
    unit = 10**place
    rest = number % unit
    low, high = number - rest, number - rest + unit
    value: int = high if 2 * rest >= unit else low
    told = {"number": number, "low": low, "high": high, "round": value, "place_name": Who(f"place_{place}")}
    if method == "digit_below":
        told |= {"below": Who(f"digit_{place - 1}"), "digit": rest * 10 // unit}
        steps.append(Step("split", f"{number} = {low} + {rest}", told))
        steps.append(Step("up" if value == high else "down", slots=told))
        steps.append(
            Step(
                "rounded", f"{low} + {unit} = {high}" if value == high else f"{number} - {rest} = {low}", told
            )
        )
    else:
        steps.append(Step("to_low", f"{number} - {low} = {rest}", told))
        steps.append(Step("to_high", f"{high} - {number} = {high - number}", told))
        steps.append(Step("middle" if 2 * rest == unit else "nearer", slots=told))
    return value


def _edge(rounded: int, unit: int, form: str, method: str) -> Worked:
    """Return the smallest or largest number that is rounded to this one."""
    half, is_least = unit // 2, form == "least"
    middle = rounded - half if is_least else rounded + half
    steps = []
    if method == "digit_below":
        steps.append(Step("half", f"{unit} ÷ 2 = {half}"))
        steps.append(Step(f"{form}_middle", f"{rounded} {'-' if is_least else '+'} {half} = {middle}"))
    else:
        other = rounded - unit if is_least else rounded + unit
        steps.append(Step(f"{form}_neighbour", f"{rounded} {'-' if is_least else '+'} {unit} = {other}"))
        low, high = sorted((rounded, other))
        steps.append(Step(f"{form}_middle", f"({low} + {high}) ÷ 2 = {middle}"))
    steps.append(Step(f"{form}_edge", slots={"middle": middle, "above": rounded + unit}))
    if is_least:
        return Worked(tuple(steps), middle)
    steps.append(Step("last_whole", f"{middle} - 1 = {middle - 1}"))
    return Worked(tuple(steps), middle - 1)


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("digit_below", "nearer_neighbour"),
    scenes=_SCENES,
    slots=slots,
)
