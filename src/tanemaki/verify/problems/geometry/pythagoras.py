"""Lengths by the theorem of Pythagoras: 三平方の定理.

Level 1 asks for one side of a right-angled triangle, level 2 for the area of an isosceles triangle or the distance of two
points, level 3 for the sides of a rhombus, the area of an isosceles trapezium, or how far the foot of a ladder moves.

Source: 中学校学習指導要領 数学 第3学年 B 図形 (三平方の定理); Euclid, Elements I.47. The second method
knows the shapes 3:4:5, 5:12:13 …
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import gcd, isqrt

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked
from tanemaki.verify.problems.geometry._decimals import number, tenths

_FORMS = (("hypotenuse", "leg"), ("isosceles", "distance"), ("rhombus", "trapezium", "ladder"))
_SCENES = ("cloth", "board", "pasture", "plate", "field")
_SHAPES = tuple(
    (m * m - n * n, 2 * m * n, m * m + n * n)
    for m in range(2, 8)
    for n in range(1, m)
    if gcd(m, n) == 1 and (m - n) % 2
)
"""Right-angled triangles with whole sides and no common divisor, up to 13:84:85."""
_LADDERS = {25: (7, 15, 20, 24), 65: (16, 25, 33, 39, 52, 56, 60, 63), 85: (13, 36, 40, 51, 68, 75, 77, 84)}
"""Lengths of which several legs are whole."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a shape and its scale, in tenths."""
    form = draw.choose(_FORMS[level - 1])
    if form == "ladder":
        length = draw.choose(tuple(_LADDERS))
        scale = draw.between(3, 800 // length)
        near, far = sorted(draw.sample(_LADDERS[length], 2))
        return {
            "form": form,
            "people": draw.sample(range(36), 1),
            "length": length * scale,
            "near": near * scale,
            "far": far * scale,
        }
    if form == "distance":
        one, two, _ = _sides(draw, 100)
        x, y = draw.between(-20, 20), draw.between(-20, 20)
        right, up = draw.choose((-1, 1)) * one, draw.choose((-1, 1)) * two
        return {"form": form, "x": x, "y": y, "other_x": x + right, "other_y": y + up}
    found: dict[str, Json] = {"scene": draw.choose(_SCENES), "form": form}
    if form == "trapezium":
        one, _, long = _sides(draw, 400)
        upper = draw.between(3, 60)
        return found | {"upper": upper, "lower": upper + 2 * one, "slanted": long}
    one, two, long = _sides(draw, 3000)
    if form != "rhombus":
        found["people"] = draw.sample(range(36), 1)
    if form == "hypotenuse":
        return found | {"one": number(one, 1), "two": number(two, 1)}
    if form == "leg":
        return found | {"one": number(one, 1), "long": number(long, 1)}
    if form == "isosceles":
        return found | {"equal": number(long, 1), "base": number(2 * one, 1)}
    return found | {"one_diagonal": number(2 * one, 1), "other_diagonal": number(2 * two, 1)}


def _sides(draw: Draw, most: int) -> tuple[int, int, int]:
    """Draw a shape and its scale, every pair equally likely: two legs in any order and a hypotenuse of up to ``most``."""
    shape = draw.weighted(_SHAPES, [most // long - 1 for _, _, long in _SHAPES])
    scale = draw.between(2, max(2, most // shape[2]))
    one, two = draw.sample(shape[:2], 2)
    return one * scale, two * scale, shape[2] * scale


def solve(p: Parameters, method: str) -> Worked:
    """Square and take the root, or know the shape and its scale."""
    steps, answer = _WAYS[p["form"]](p, method == "shape")
    return Worked(tuple(steps), answer)


_Found = tuple[list[Step], int | str]


def _side(
    goal: str, one: int, two: int, *, shape: bool, sign: str = "+", places: int = 0
) -> tuple[list[Step], int]:
    """Return the steps to the hypotenuse of two legs (+), or to the leg of a hypotenuse and a leg (-)."""
    square = one * one + two * two if sign == "+" else one * one - two * two
    found = isqrt(square)
    a, b, c = number(one, places), number(two, places), number(found, places)
    if not shape:
        shown = number(square, 2 * places)
        return [Step(f"{goal}_squared", f"{a}² {sign} {b}² = {shown}"), Step(goal, f"√{shown} = {c}")], found
    common = gcd(one, two)
    part, third = one // common, found // common
    sides = sorted((part, two // common, third))
    told = {"shortest": sides[0], "middle": sides[1], "longest": sides[2], "one": a, "two": b}
    told |= {"part": part, "other_part": two // common}
    return [
        Step("shape" if sign == "+" else "shape_of_leg", slots=told),
        Step(f"{goal}_scale", f"{a} ÷ {part} = {number(common, places)}"),
        Step(goal, f"{third} × {number(common, places)} = {c}"),
    ], found


def _hypotenuse(p: Parameters, shape: bool) -> _Found:  # noqa: FBT001 - one place calls it
    steps, found = _side("hypotenuse", tenths(p["one"]), tenths(p["two"]), shape=shape, places=1)
    return steps, number(found, 1)


def _leg(p: Parameters, shape: bool) -> _Found:  # noqa: FBT001
    steps, found = _side("leg", tenths(p["long"]), tenths(p["one"]), shape=shape, sign="-", places=1)
    return steps, number(found, 1)


def _isosceles(p: Parameters, shape: bool) -> _Found:  # noqa: FBT001
    half = tenths(p["base"]) // 2
    steps, height = _side("height", tenths(p["equal"]), half, shape=shape, sign="-", places=1)
    area = number(half * height, 2)
    return [
        Step("half_base", f"{p['base']} ÷ 2 = {number(half, 1)}"),
        *steps,
        Step("area", f"{p['base']} × {number(height, 1)} ÷ 2 = {area}"),
    ], area


def _distance(p: Parameters, shape: bool) -> _Found:  # noqa: FBT001
    across, up = abs(p["x"] - p["other_x"]), abs(p["y"] - p["other_y"])
    steps, found = _side("distance", across, up, shape=shape)
    x, other_x = sorted((p["x"], p["other_x"]))
    y, other_y = sorted((p["y"], p["other_y"]))
    return [
        Step("across", f"{other_x} - {_bracketed(x)} = {across}"),
        Step("up", f"{other_y} - {_bracketed(y)} = {up}"),
        *steps,
    ], found


def _bracketed(value: int) -> str:
    return f"({value})" if value < 0 else str(value)


def _rhombus(p: Parameters, shape: bool) -> _Found:  # noqa: FBT001
    one, two = tenths(p["one_diagonal"]) // 2, tenths(p["other_diagonal"]) // 2
    steps, side = _side("side", one, two, shape=shape, places=1)
    around = number(4 * side, 1)
    return [
        Step("half_one", f"{p['one_diagonal']} ÷ 2 = {number(one, 1)}"),
        Step("half_other", f"{p['other_diagonal']} ÷ 2 = {number(two, 1)}"),
        *steps,
        Step("around", f"{number(side, 1)} × 4 = {around}"),
    ], around


def _trapezium(p: Parameters, shape: bool) -> _Found:  # noqa: FBT001
    upper, lower = p["upper"], p["lower"]
    foot = (lower - upper) // 2
    steps, height = _side("height", p["slanted"], foot, shape=shape, sign="-")
    area = (upper + lower) * height // 2
    return [
        Step("foot", f"({lower} - {upper}) ÷ 2 = {foot}"),
        *steps,
        Step("both", f"{upper} + {lower} = {upper + lower}"),
        Step("trapezium_area", f"{upper + lower} × {height} ÷ 2 = {area}"),
    ], area


def _ladder(p: Parameters, shape: bool) -> _Found:  # noqa: FBT001
    before, top = _side("top_before", p["length"], p["near"], shape=shape, sign="-")
    after, lower_top = _side("top_after", p["length"], p["far"], shape=shape, sign="-")
    return [*before, *after, Step("slipped", f"{top} - {lower_top} = {top - lower_top}")], top - lower_top


_WAYS: Mapping[str, Callable[[Parameters, bool], _Found]] = {
    "hypotenuse": _hypotenuse,
    "leg": _leg,
    "isosceles": _isosceles,
    "distance": _distance,
    "rhombus": _rhombus,
    "trapezium": _trapezium,
    "ladder": _ladder,
}

FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("theorem", "shape"), scenes=_SCENES)
