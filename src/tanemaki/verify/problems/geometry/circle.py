"""Circles, sectors and rings, with 3.14 for the ratio of the circumference: 円周の長さ、円とおうぎ形の面積.

Level 1 has several whole circles, level 2 sectors, level 3 the way around a sector, rings and a running track.

Source: 小学校学習指導要領 算数 第5学年 (円周率) and 第6学年 (円の面積). The second method multiplies by
3.14 once, at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked
from tanemaki.verify.problems.geometry._decimals import number

_FORMS = (("wheel", "discs"), ("sector_area", "arc"), ("sector_around", "ring", "track"))
_SCENES = ("paper", "felt", "board", "cloth")
_RADII = {
    30: 6,
    45: 4,
    60: 6,
    72: 5,
    90: 2,
    120: 3,
    135: 4,
    144: 5,
    150: 6,
    210: 6,
    216: 5,
    225: 4,
    240: 3,
    270: 2,
} | {
    288: 5,
    300: 6,
    315: 4,
    330: 6,
}
"""Angle of a sector, and of which number its radius is a multiple, so that arc and area end within two decimals."""
_LONGEST = 90


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw lengths in whole numbers."""
    form = draw.choose(_FORMS[level - 1])
    found: dict[str, Json] = {"form": form, "people": draw.sample(range(36), 1)}
    if form == "wheel":
        return found | {"diameter": draw.between(15, 90), "turns": draw.between(3, 60)}
    found["scene"] = draw.choose(_SCENES)
    if form == "discs":
        return found | {"radius": draw.between(2, 60), "count": draw.between(2, 25)}
    if form == "ring":
        inner = draw.between(2, 60)
        return found | {"outer_diameter": 2 * (inner + draw.between(1, 40)), "inner_diameter": 2 * inner}
    if form == "track":
        width = 2 * draw.between(3, 50)
        straight = draw.between(5, 120)
        return found | {"straight": straight + (straight == width), "width": width}
    angle = draw.weighted(tuple(_RADII), [_LONGEST // step for step in _RADII.values()])
    return found | {"angle": angle, "radius": _RADII[angle] * draw.between(1, _LONGEST // _RADII[angle])}


def solve(p: Parameters, method: str) -> Worked:
    """Multiply by 3.14 where it stands in the formula, or once at the end."""
    steps, found = _WAYS[p["form"]](p, method == "pi_last")
    return Worked(tuple(steps), found)


_Found = tuple[list[Step], int | str]


def _times_pi(parts: int) -> int | str:
    return number(314 * parts, 2)


def _wheel(p: Parameters, last: bool) -> _Found:  # noqa: FBT001 - one place calls it
    diameter, turns = p["diameter"], p["turns"]
    way, once = _times_pi(diameter * turns), _times_pi(diameter)
    if last:
        both = diameter * turns
        return [
            Step("diameters", f"{diameter} × {turns} = {both}"),
            Step("way", f"{both} × 3.14 = {way}"),
        ], way
    return [Step("once_around", f"{diameter} × 3.14 = {once}"), Step("way", f"{once} × {turns} = {way}")], way


def _discs(p: Parameters, last: bool) -> _Found:  # noqa: FBT001
    radius, count = p["radius"], p["count"]
    squares, area = radius * radius * count, _times_pi(radius * radius * count)
    if last:
        return [
            Step("squares", f"{radius} × {radius} × {count} = {squares}"),
            Step("all_areas", f"{squares} × 3.14 = {area}"),
        ], area
    one = _times_pi(radius * radius)
    return [
        Step("one_circle", f"{radius} × {radius} × 3.14 = {one}"),
        Step("all_areas", f"{one} × {count} = {area}"),
    ], area


def _share(p: Parameters) -> tuple[Step, str]:
    share = str(Fraction(p["angle"], 360))
    return Step("share", f"{p['angle']} ÷ 360 = {share}"), share


def _sector_area(p: Parameters, last: bool) -> _Found:  # noqa: FBT001
    first, share = _share(p)
    radius = p["radius"]
    square = radius * radius
    parts = square * p["angle"] // 360
    area = _times_pi(parts)
    if last:
        return [
            first,
            Step("share_of_square", f"{radius} × {radius} × {share} = {parts}"),
            Step("sector", f"{parts} × 3.14 = {area}"),
        ], area
    whole = _times_pi(square)
    return [
        Step("circle", f"{radius} × {radius} × 3.14 = {whole}"),
        first,
        Step("sector", f"{whole} × {share} = {area}"),
    ], area


def _arc(p: Parameters, last: bool) -> _Found:  # noqa: FBT001
    first, share = _share(p)
    radius = p["radius"]
    parts = 2 * radius * p["angle"] // 360
    arc = _times_pi(parts)
    if last:
        return [
            first,
            Step("share_of_diameter", f"{radius} × 2 × {share} = {parts}"),
            Step("arc", f"{parts} × 3.14 = {arc}"),
        ], arc
    whole = _times_pi(2 * radius)
    return [
        Step("circumference", f"{radius} × 2 × 3.14 = {whole}"),
        first,
        Step("arc", f"{whole} × {share} = {arc}"),
    ], arc


def _sector_around(p: Parameters, last: bool) -> _Found:  # noqa: FBT001
    steps, arc = _arc(p, last)
    radius = p["radius"]
    around = number(314 * (2 * radius * p["angle"] // 360) + 200 * radius, 2)
    return [
        *steps,
        Step("two_radii", f"{radius} × 2 = {2 * radius}"),
        Step("around", f"{arc} + {2 * radius} = {around}"),
    ], around


def _ring(p: Parameters, last: bool) -> _Found:  # noqa: FBT001
    outer, inner = p["outer_diameter"] // 2, p["inner_diameter"] // 2
    radii = [
        Step("outer_radius", f"{p['outer_diameter']} ÷ 2 = {outer}"),
        Step("inner_radius", f"{p['inner_diameter']} ÷ 2 = {inner}"),
    ]
    parts = outer * outer - inner * inner
    area = _times_pi(parts)
    if last:
        return [
            *radii,
            Step("difference_of_squares", f"{outer} × {outer} - {inner} × {inner} = {parts}"),
            Step("ring", f"{parts} × 3.14 = {area}"),
        ], area
    large, small = _times_pi(outer * outer), _times_pi(inner * inner)
    return [
        *radii,
        Step("large_circle", f"{outer} × {outer} × 3.14 = {large}"),
        Step("small_circle", f"{inner} × {inner} × 3.14 = {small}"),
        Step("ring", f"{large} - {small} = {area}"),
    ], area


def _track(p: Parameters, last: bool) -> _Found:  # noqa: FBT001
    straight, width = p["straight"], p["width"]
    radius, middle = width // 2, straight * width
    ends, area = _times_pi(radius * radius), number(314 * radius * radius + 100 * middle, 2)
    square = radius * radius
    circle = (
        [
            Step("square_on_radius", f"{radius} × {radius} = {square}"),
            Step("two_ends", f"{square} × 3.14 = {ends}"),
        ]
        if last
        else [Step("two_ends", f"{radius} × {radius} × 3.14 = {ends}")]
    )
    return [
        Step("end_radius", f"{width} ÷ 2 = {radius}"),
        *circle,
        Step("middle", f"{straight} × {width} = {middle}"),
        Step("track", f"{ends} + {middle} = {area}"),
    ], area


_WAYS: Mapping[str, Callable[[Parameters, bool], _Found]] = {
    "wheel": _wheel,
    "discs": _discs,
    "sector_area": _sector_area,
    "arc": _arc,
    "sector_around": _sector_around,
    "ring": _ring,
    "track": _track,
}

FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("part_by_part", "pi_last"), scenes=_SCENES)
