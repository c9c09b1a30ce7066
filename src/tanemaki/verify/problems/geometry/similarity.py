"""Similar figures: 相似比、面積比.

Level 1 asks for a side or, by shadows, for a height, level 2 for an area or for a line parallel to a triangle's side,
level 3 for what such a line leaves of the triangle and for the trapezium around two similar triangles.

Source: 中学校学習指導要領 数学 第3学年 B 図形 (図形の相似、相似な図形の面積比); the height by
the shadow is told of Thales (Diogenes Laertius I.27).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import gcd

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_FORMS = (("side", "shadow"), ("area", "parallel"), ("left", "crossed"))
_RATIOS = tuple((a, b) for a in range(1, 10) for b in range(1, 10) if gcd(a, b) == 1 and a != b)
_OF_SHADOWS = tuple((a, b) for a, b in _RATIOS if max(a, b) <= 3 * min(a, b))
_SCENES = ("cm", "m", "mm")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a ratio in lowest terms and multiply it out."""
    form = draw.choose(_FORMS[level - 1])
    one, two = draw.choose(_OF_SHADOWS if form == "shadow" else _RATIOS)
    if form == "shadow":
        k = draw.between(-(-100 // two), 190 // two)
        found: dict[str, Json] = {"form": form, "people": draw.sample(range(36), 1), "shadow": one * k}
        return found | {"height": two * k, "tall_shadow": one * draw.between(-(-3 // two), 20 // two)}
    found = {"scene": draw.choose(_SCENES), "form": form}
    if form in ("side", "area"):
        k = draw.between(2, 30)
        found |= {"side": one * k, "other_side": two * k}
        return found | (
            {"known": one * draw.between(2, 40)}
            if form == "side"
            else {"area": one * one * draw.between(2, 60)}
        )
    low, high = min(one, two), max(one, two)
    k = draw.between(2, 30)
    if form == "parallel":
        return found | {"upper": low * k, "lower": (high - low) * k, "base": high * draw.between(2, 30)}
    area = low * low * draw.between(2, 60)
    if form == "left":
        return found | {"upper": low * k, "lower": (high - low) * k, "area": area}
    return found | {"top": low * k, "bottom": high * k, "area": area}


def solve(p: Parameters, method: str) -> Worked:
    """Reduce the ratio, then count in shares or multiply by the scale."""
    steps, answer = _WAYS[p["form"]](p, method == "proportion")
    return Worked(tuple(steps), answer)


_Found = tuple[list[Step], int]


def _scaled(goal: str, known: int, one: int, two: int, *, proportion: bool) -> tuple[list[Step], int]:
    """Return the steps from what is ``one`` parts to what is ``two`` parts, and what that is."""
    found = known // one * two
    if proportion:
        steps = [Step("unknown", slots={"one": one, "two": two, "known": known})]
        if one > 1:
            product = f"{known} × {two} = {known * two}" if two > 1 else f"{known}"
            steps.append(Step("products", f"{one}x = {product}", where={"x": found}))
            return [*steps, Step(goal, f"x = {known * two} ÷ {one} = {found}", where={"x": found})], found
        return [*steps, Step(goal, f"x = {known} × {two} = {found}", where={"x": found})], found
    if 1 in (one, two):
        return [Step(goal, f"{known} × {two} = {found}" if one == 1 else f"{known} ÷ {one} = {found}")], found
    share = known // one
    return [Step("share", f"{known} ÷ {one} = {share}"), Step(goal, f"{share} × {two} = {found}")], found


def _squared(goal: str, known: int, one: int, two: int, *, proportion: bool) -> tuple[list[Step], int]:
    """Return the same for areas: they are as the squares of the parts."""
    steps, found = _scaled(goal, known, one * one, two * two, proportion=proportion)
    told = {"one": one, "two": two, "one_squared": one * one, "two_squared": two * two}
    return [Step("squares", slots=told), *steps], found


def _lowest(one: int, two: int, say: str = "ratio") -> tuple[Step, int, int]:
    common = gcd(one, two)
    low, high = one // common, two // common
    return Step(say, slots={"long_one": one, "long_two": two, "one": low, "two": high}), low, high


def _side(p: Parameters, proportion: bool) -> _Found:  # noqa: FBT001 - one place calls it
    ratio, one, two = _lowest(p["side"], p["other_side"])
    steps, found = _scaled("side", p["known"], one, two, proportion=proportion)
    return [ratio, *steps], found


def _shadow(p: Parameters, proportion: bool) -> _Found:  # noqa: FBT001
    ratio, one, two = _lowest(p["shadow"], p["height"], "shadow_ratio")
    steps, found = _scaled("height", p["tall_shadow"], one, two, proportion=proportion)
    return [ratio, *steps], found


def _area(p: Parameters, proportion: bool) -> _Found:  # noqa: FBT001
    ratio, one, two = _lowest(p["side"], p["other_side"])
    steps, found = _squared("area", p["area"], one, two, proportion=proportion)
    return [ratio, *steps], found


def _parallel(p: Parameters, proportion: bool) -> _Found:  # noqa: FBT001
    whole = p["upper"] + p["lower"]
    ratio, one, two = _lowest(whole, p["upper"], "ratio_parallel")
    steps, found = _scaled("parallel", p["base"], one, two, proportion=proportion)
    return [Step("whole_side", f"{p['upper']} + {p['lower']} = {whole}"), ratio, *steps], found


def _left(p: Parameters, proportion: bool) -> _Found:  # noqa: FBT001
    whole = p["upper"] + p["lower"]
    ratio, one, two = _lowest(p["upper"], whole, "ratio_left")
    steps, found = _squared("whole_area", p["area"], one, two, proportion=proportion)
    left = found - p["area"]
    return [
        Step("whole_side", f"{p['upper']} + {p['lower']} = {whole}"),
        ratio,
        *steps,
        Step("left", f"{found} - {p['area']} = {left}"),
    ], left


def _crossed(p: Parameters, proportion: bool) -> _Found:  # noqa: FBT001
    ratio, one, two = _lowest(p["top"], p["bottom"], "ratio_crossed")
    steps, below = _squared("below", p["area"], one, two, proportion=proportion)
    beside = p["area"] // one * two
    total = p["area"] + below + 2 * beside
    return [
        ratio,
        *steps,
        Step(
            "beside",
            f"{p['area']} × {two} ÷ {one} = {beside}" if one > 1 else f"{p['area']} × {two} = {beside}",
        ),
        Step("total", f"{p['area']} + {below} + {beside} × 2 = {total}"),
    ], total


_WAYS: Mapping[str, Callable[[Parameters, bool], _Found]] = {
    "side": _side,
    "shadow": _shadow,
    "area": _area,
    "parallel": _parallel,
    "left": _left,
    "crossed": _crossed,
}

FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("shares", "proportion"), scenes=_SCENES)
