"""Cylinders, cones and balls, with π in the answer: 円柱・円錐・球の体積と表面積.

Level 1 asks for the volume of a cylinder or a cone, level 2 for a surface, level 3 for the volume of two bodies put
together or of a cone without its tip.

Source: 中学校学習指導要領 数学 第1学年 B 図形 (柱体、錐体、球の表面積と体積); Archimedes, On the Sphere
and Cylinder. The second method multiplies by π once, at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import gcd

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked
from tanemaki.verify.problems.geometry._decimals import number, tenths

_FORMS = (("cylinder", "cone"), ("cylinder_surface", "cone_surface"), ("rocket", "dome", "bucket"))
_SCENES = ("cm", "mm")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw whole radii, and heights for which the number before π has at most one decimal."""
    form = draw.choose(_FORMS[level - 1])
    found: dict[str, Json] = {"scene": draw.choose(_SCENES), "form": form}
    radius = draw.between(2, 50)
    third = 3 // gcd(3, radius)  # tenths of which a cone's height is a multiple
    if form in ("cylinder", "cylinder_surface"):
        return found | {"radius": radius, "height": number(draw.between(20, 990), 1)}
    if form == "cone":
        return found | {"radius": radius, "height": number(third * draw.between(20, 990 // third), 1)}
    if form == "cone_surface":
        return found | {"radius": radius, "slant": number(10 * radius + draw.between(5, 600), 1)}
    if form == "rocket":
        tip = number(third * draw.between(10, 600 // third), 1)
        return found | {"radius": radius, "height": draw.between(2, 60), "tip": tip}
    if form == "dome":
        return found | {"radius": 3 * draw.between(1, 16), "height": number(draw.between(20, 600), 1)}
    one, two = sorted(draw.sample(range(1, 10), 2))
    times, tall = draw.between(1, 6), 3 * draw.between(10, 120)
    found |= {"radius": two * times, "small": one * times}
    return found | {"height": number(two * tall, 1), "tip": number(one * tall, 1)}


def solve(p: Parameters, method: str) -> Worked:
    """Write π in every line, or find the number before it first."""
    lines, found = _WAYS[p["form"]](p, method == "pi_last")
    steps = [Step(say, equation) for say, equation in lines]
    before = number(found, 1)
    if method == "pi_last":
        steps.append(Step("with_pi", f"{before} × π = {before}π"))
    return Worked(tuple(steps), f"{before}π")


_Found = tuple[list[tuple[str, str]], int]
"""Goals and equations, and ten times the number before π."""


def _base(radius: int) -> tuple[str, str]:
    return ("base", f"{radius} × {radius} × π = {radius * radius}π")


def _cylinder(p: Parameters, last: bool) -> _Found:  # noqa: FBT001 - one place calls it
    radius, height = p["radius"], p["height"]
    square = radius * radius
    volume = square * tenths(height)
    if last:
        return [("before_pi", f"{radius} × {radius} × {height} = {number(volume, 1)}")], volume
    return [_base(radius), ("cylinder", f"{square}π × {height} = {number(volume, 1)}π")], volume


def _cone(p: Parameters, last: bool) -> _Found:  # noqa: FBT001
    radius, height = p["radius"], p["height"]
    square = radius * radius
    volume = square * tenths(height) // 3
    if last:
        return [("before_pi", f"{radius} × {radius} × {height} ÷ 3 = {number(volume, 1)}")], volume
    return [_base(radius), ("cone", f"{square}π × {height} ÷ 3 = {number(volume, 1)}π")], volume


def _cylinder_surface(p: Parameters, last: bool) -> _Found:  # noqa: FBT001
    radius, height = p["radius"], p["height"]
    square, side = radius * radius, 2 * radius * tenths(height)
    surface = 20 * square + side
    if last:
        both = number(10 * radius + tenths(height), 1)
        return [
            ("radius_and_height", f"{radius} + {height} = {both}"),
            ("before_pi", f"2 × {radius} × {both} = {number(surface, 1)}"),
        ], surface
    return [
        _base(radius),
        ("around", f"2 × {radius} × π = {2 * radius}π"),
        ("side", f"{height} × {2 * radius}π = {number(side, 1)}π"),
        ("surface", f"{square}π × 2 + {number(side, 1)}π = {number(surface, 1)}π"),
    ], surface


def _cone_surface(p: Parameters, last: bool) -> _Found:  # noqa: FBT001
    radius, slant = p["radius"], p["slant"]
    square, side = radius * radius, radius * tenths(slant)
    surface = 10 * square + side
    if last:
        both = number(10 * radius + tenths(slant), 1)
        return [
            ("radius_and_slant", f"{radius} + {slant} = {both}"),
            ("before_pi", f"{radius} × {both} = {number(surface, 1)}"),
        ], surface
    return [
        _base(radius),
        ("side", f"{slant} × {radius} × π = {number(side, 1)}π"),
        ("surface", f"{square}π + {number(side, 1)}π = {number(surface, 1)}π"),
    ], surface


def _rocket(p: Parameters, last: bool) -> _Found:  # noqa: FBT001
    radius, height, tip = p["radius"], p["height"], p["tip"]
    square = radius * radius
    body, cone = 10 * square * height, square * tenths(tip) // 3
    one, two, both = number(body, 1), number(cone, 1), number(body + cone, 1)
    if last:
        return [
            ("body_before_pi", f"{radius} × {radius} × {height} = {one}"),
            ("tip_before_pi", f"{radius} × {radius} × {tip} ÷ 3 = {two}"),
            ("before_pi", f"{one} + {two} = {both}"),
        ], body + cone
    return [
        _base(radius),
        ("cylinder", f"{square}π × {height} = {one}π"),
        ("cone", f"{square}π × {tip} ÷ 3 = {two}π"),
        ("both", f"{one}π + {two}π = {both}π"),
    ], body + cone


def _dome(p: Parameters, last: bool) -> _Found:  # noqa: FBT001
    radius, height = p["radius"], p["height"]
    square = radius * radius
    body, half = square * tenths(height), 2 * radius * square // 3
    one, both = number(body, 1), number(body + 10 * half, 1)
    if last:
        return [
            ("body_before_pi", f"{radius} × {radius} × {height} = {one}"),
            ("half_before_pi", f"4/3 × {radius}³ ÷ 2 = {half}"),
            ("before_pi", f"{one} + {half} = {both}"),
        ], body + 10 * half
    return [
        _base(radius),
        ("cylinder", f"{square}π × {height} = {one}π"),
        ("ball", f"4/3 × π × {radius}³ = {2 * half}π"),
        ("half_ball", f"{2 * half}π ÷ 2 = {half}π"),
        ("both", f"{one}π + {half}π = {both}π"),
    ], body + 10 * half


def _bucket(p: Parameters, last: bool) -> _Found:  # noqa: FBT001
    radius, small, height, tip = p["radius"], p["small"], p["height"], p["tip"]
    whole, cut = radius * radius * tenths(height) // 3, small * small * tenths(tip) // 3
    one, two, rest = number(whole, 1), number(cut, 1), number(whole - cut, 1)
    if last:
        return [
            ("whole_before_pi", f"{radius} × {radius} × {height} ÷ 3 = {one}"),
            ("cut_before_pi", f"{small} × {small} × {tip} ÷ 3 = {two}"),
            ("before_pi", f"{one} - {two} = {rest}"),
        ], whole - cut
    return [
        _base(radius),
        ("whole_cone", f"{radius * radius}π × {height} ÷ 3 = {one}π"),
        ("small_base", f"{small} × {small} × π = {small * small}π"),
        ("small_cone", f"{small * small}π × {tip} ÷ 3 = {two}π"),
        ("rest", f"{one}π - {two}π = {rest}π"),
    ], whole - cut


_WAYS: Mapping[str, Callable[[Parameters, bool], _Found]] = {
    "cylinder": _cylinder,
    "cone": _cone,
    "cylinder_surface": _cylinder_surface,
    "cone_surface": _cone_surface,
    "rocket": _rocket,
    "dome": _dome,
    "bucket": _bucket,
}

FAMILY = Family(kind="text", draw=draw, solve=solve, methods=("part_by_part", "pi_last"), scenes=_SCENES)
