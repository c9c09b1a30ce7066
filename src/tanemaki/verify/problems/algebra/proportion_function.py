"""Functions from their values: 比例, 反比例, 一次関数.

Level 1 is proportional or inversely proportional, level 2 a line through two points or a story of steady growth, level 3 the
point where two lines cross.

Source: 中学校学習指導要領 数学 第1学年 C(1) 比例・反比例, 第2学年 C(1) 一次関数.
"""

from __future__ import annotations

import math
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.algebra._terms import in_brackets, terms
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked, show

_FORMS = {1: ("direct", "inverse"), 2: ("line", "growth"), 3: ("crossing",)}
_SCENES = ("tank", "spring", "plant", "snow")
_SLOPES = tuple(n for n in range(-9, 10) if n)
_RATIOS = (*(Fraction(n) for n in _SLOPES), *(Fraction(n, d) for d in (2, 3, 4) for n in _SLOPES if n % d))


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a function first, then the points of it that are told."""
    form = draw.choose(_FORMS[level])
    if form == "direct":
        ratio = draw.choose(_RATIOS)
        x, asked = draw.sample([n for n in range(-20, 21) if n], 2)
        x, asked = x * ratio.denominator, asked * ratio.denominator
        return {"form": form, "x": x, "y": int(ratio * x), "asked": asked}
    if form == "inverse":
        x, asked = draw.sample([n for n in range(-12, 13) if n], 2)
        y = abs(asked) // math.gcd(x, asked) * draw.choose([n for n in range(-9, 10) if n])
        return {"form": form, "x": x, "y": y, "asked": asked}
    if form == "growth":
        slope, start = draw.between(2, 6), draw.between(5, 50)
        low, high, asked = sorted(draw.sample(range(1, 25), 3))
        return {
            "form": form,
            "scene": draw.choose(_SCENES),
            "x": low,
            "y": slope * low + start,
            "other_x": high,
            "other_y": slope * high + start,
            "asked": asked,
        }
    slopes = _SLOPES if form == "line" else _SLOPES[3:-3]
    slope, start = draw.choose(slopes), draw.choose([n for n in range(-15, 16) if n])
    x, other_x, asked = draw.sample([n for n in range(-8, 11) if n], 3)
    x, other_x = min(x, other_x), max(x, other_x)
    points = {"x": x, "y": slope * x + start, "other_x": other_x, "other_y": slope * other_x + start}
    if form == "line":
        return {"form": form, **points, "asked": asked}
    factor = draw.choose([n for n in slopes if n != slope])
    return {"form": form, **points, "factor": factor, "constant": (slope - factor) * asked + start}


def solve(p: Parameters, method: str) -> Worked:
    """Find the formula and put in, or go on from a point by what changes."""
    x, y = p["x"], p["y"]
    by_formula = method == "formula"
    if p["form"] in ("direct", "inverse"):
        ways = _by_constant if by_formula else _by_ratio
        return ways(x, y, p["asked"], direct=p["form"] == "direct")
    slope = (p["other_y"] - y) // (p["other_x"] - x)
    rise = f"{p['other_y']} - {in_brackets(y)}"
    run = f"{p['other_x']} - {in_brackets(x)}"
    grows = p["form"] == "growth"
    steps = [Step("letters")] if grows else []
    if by_formula:
        steps.append(Step("through_points" if p["form"] == "crossing" else "linear"))
    steps.append(Step("slope", f"({rise}) ÷ ({run}) = {slope}"))
    start = y - slope * x
    if p["form"] == "crossing":
        ways_to_cross = _cross_by_formula if by_formula else _cross_by_gap
        more, answer = ways_to_cross(slope, start, (x, y), (p["factor"], p["constant"]))
        return Worked((*steps, *more), answer)
    asked = p["asked"]
    answer = slope * asked + start
    if by_formula:
        steps.append(
            Step("start", f"b = {y} - {in_brackets(slope)} × {in_brackets(x)} = {start}", where={"b": start})
        )
        shown = f"{slope} × {in_brackets(asked)} {'-' if start < 0 else '+'} {abs(start)}"
        steps.append(Step("value", f"y = {shown} = {answer}", {"at": asked}, {"y": answer}))
    else:
        gone, change = asked - x, slope * (asked - x)
        steps.append(Step("gone", f"{asked} - {in_brackets(x)} = {gone}"))
        steps.append(Step("change", f"{slope} × {in_brackets(gone)} = {change}"))
        steps.append(Step("value", f"{y} + {in_brackets(change)} = {answer}", {"at": asked}))
    return Worked(tuple(steps), answer)


def _by_constant(x: int, y: int, asked: int, *, direct: bool) -> Worked:
    a: int | Fraction
    if direct:
        a = Fraction(y, x)
        steps = [Step("direct"), Step("ratio", f"a = {y} ÷ {in_brackets(x)} = {show(a)}", where={"a": a})]
        answer = int(a * asked)
        told = f"{show(a)} × {in_brackets(asked)}"
    else:
        a = x * y
        steps = [
            Step("inverse"),
            Step("constant_product", f"a = {x} × {in_brackets(y)} = {a}", where={"a": a}),
        ]
        answer = a // asked
        told = f"{a} ÷ {in_brackets(asked)}"
    steps.append(Step("value", f"y = {told} = {answer}", {"at": asked}, {"y": answer}))
    return Worked(tuple(steps), answer)


def _by_ratio(x: int, y: int, asked: int, *, direct: bool) -> Worked:
    times = Fraction(asked, x)
    answer = int(y * times if direct else y / times)
    sign, turned = ("×", "times_as_much") if direct else ("÷", "so_many_times_less")
    steps = [
        Step("same_factor" if direct else "same_divisor"),
        Step("times", f"{asked} ÷ {in_brackets(x)} = {show(times)}"),
    ]
    shown = show(times) if times > 0 else f"({show(times)})"
    steps.append(Step(turned, f"{y} {sign} {shown} = {answer}", {"at": asked}))
    return Worked(tuple(steps), answer)


def _cross_by_formula(
    slope: int, start: int, point: tuple[int, int], other: tuple[int, int]
) -> tuple[list[Step], int]:
    x, y = point
    factor, constant = other
    n, size = slope - factor, constant - start
    found = size // n
    answer = factor * found + constant
    where = {"x": found}
    first = terms((slope, "x"), (start, ""))
    second = terms((factor, "x"), (constant, ""))
    shown = f"{factor} × {in_brackets(found)}" + (
        f" {'-' if constant < 0 else '+'} {abs(constant)}" if constant else ""
    )
    steps = [
        Step("start", f"b = {y} - {in_brackets(slope)} × {in_brackets(x)} = {start}", where={"b": start}),
        Step("equal", f"{first} = {second}", where=where),
        Step("collected", f"{terms((n, 'x'))} = {size}", where=where),
    ]
    if n != 1:
        steps.append(Step("crossing_x", f"x = {size} ÷ {in_brackets(n)} = {found}", where=where))
    return [*steps, Step("crossing_y", f"y = {shown} = {answer}", where={"y": answer})], answer


def _cross_by_gap(
    slope: int, start: int, point: tuple[int, int], other: tuple[int, int]
) -> tuple[list[Step], int]:
    x, y = point
    factor, constant = other
    there = factor * x + constant
    gap, closing = there - y, slope - factor
    found = (constant - start) // closing
    answer = slope * found + start
    plus = f" {'-' if constant < 0 else '+'} {abs(constant)}" if constant else ""
    steps = [
        Step("other_there", f"{factor} × {in_brackets(x)}{plus} = {there}", {"at": x}),
        Step("gap", f"{there} - {in_brackets(y)} = {gap}", {"at": x}),
        Step("closing", f"{slope} - {in_brackets(factor)} = {closing}"),
        Step("steps_on", f"{gap} ÷ {in_brackets(closing)} = {found - x}", {"at": x}),
        Step(
            "crossing_y",
            f"y = {y} + {in_brackets(slope)} × {in_brackets(found - x)} = {answer}",
            where={"y": answer},
        ),
    ]
    return steps, answer


def slots(p: Parameters, _: Words) -> dict[str, object]:
    """Return the numbers, and the second line as an equation."""
    told = {key: value for key, value in p.items() if key not in ("factor", "constant", "scene")}
    if p["form"] == "crossing":
        told["second_line"] = f"y = {terms((p['factor'], 'x'), (p['constant'], ''))}"
    return told


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("formula", "change"), scenes=_SCENES, slots=slots
)
