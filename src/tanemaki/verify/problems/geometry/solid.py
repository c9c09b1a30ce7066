"""Volumes and surfaces of boxes and prisms: 直方体・角柱の体積と表面積.

Level 1 has a full tank and a triangular prism, level 2 a step-shaped body and the surface of a box, level 3 the surface of a
triangular prism and the depth of water after something has sunk.

Source: 小学校学習指導要領 算数 第5学年 (立方体及び直方体の体積) and 第6学年 (角柱の体積), 中学校 第1学年 (角柱の表面積).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked
from tanemaki.verify.problems.geometry._decimals import number

_FORMS = (("tank", "prism"), ("stairs", "box_surface"), ("prism_surface", "sunk"))
_RIGHT = ((3, 4, 5), (5, 12, 13), (8, 15, 17), (7, 24, 25), (20, 21, 29))


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw lengths in cm; the depth of water rises by a whole number."""
    form = draw.choose(_FORMS[level - 1])
    found: dict[str, Json] = {"form": form}
    if form == "tank":
        return found | {
            "long": draw.between(20, 90),
            "wide": draw.between(15, 60),
            "deep": draw.between(10, 50),
        }
    if form == "prism":
        return found | {
            "base": 2 * draw.between(2, 25),
            "height": draw.between(3, 50),
            "length": draw.between(5, 60),
        }
    if form == "stairs":
        cut_tall, cut_wide = draw.between(2, 15), draw.between(2, 15)
        found |= {"tall": cut_tall + draw.between(2, 20), "wide": cut_wide + draw.between(2, 20)}
        return found | {"cut_tall": cut_tall, "cut_wide": cut_wide, "length": draw.between(3, 40)}
    if form == "box_surface":
        return found | {"long": draw.between(3, 40), "wide": draw.between(3, 40), "tall": draw.between(3, 40)}
    if form == "prism_surface":
        shape = draw.weighted(_RIGHT, [120 // slanted for _, _, slanted in _RIGHT])
        scale = draw.between(1, 120 // shape[2])
        one, two = draw.sample(shape[:2], 2)
        found |= {"one": one * scale, "two": two * scale, "slanted": shape[2] * scale}
        return found | {"length": draw.between(4, 150)}
    times_long, times_wide = draw.choose(((2, 2), (2, 3), (3, 2), (3, 3), (2, 4)))
    block_long, block_wide, rise = draw.between(5, 25), draw.between(5, 20), draw.between(1, 4)
    block_tall = times_long * times_wide * rise
    return found | {
        "long": block_long * times_long,
        "wide": block_wide * times_wide,
        "water": block_tall + draw.between(0, 20),
        "block_long": block_long,
        "block_wide": block_wide,
        "block_tall": block_tall,
    }


def solve(p: Parameters, method: str) -> Worked:
    """Base times height, or piece by piece."""
    steps, found = _WAYS[p["form"]](p, method == "pieces")
    return Worked(tuple(steps), found)


_Found = tuple[list[Step], int | str]


def _tank(p: Parameters, pieces: bool) -> _Found:  # noqa: FBT001 - one place calls it
    long, wide, deep = p["long"], p["wide"], p["deep"]
    volume = long * wide * deep
    litres = number(volume, 3)
    if pieces:
        sides = " × ".join(str(number(side, 1)) for side in (long, wide, deep))
        return [Step("decimetres"), Step("litres", f"{sides} = {litres}")], litres
    return [
        Step("volume", f"{long} × {wide} × {deep} = {volume}"),
        Step("litres", f"{volume} ÷ 1000 = {litres}"),
    ], litres


def _prism(p: Parameters, pieces: bool) -> _Found:  # noqa: FBT001
    base, height, length = p["base"], p["height"], p["length"]
    floor, volume = base * height // 2, base * height * length // 2
    if pieces:
        return [
            Step("double", f"{base} × {height} × {length} = {2 * volume}"),
            Step("volume", f"{2 * volume} ÷ 2 = {volume}"),
        ], volume
    return [
        Step("base_area", f"{base} × {height} ÷ 2 = {floor}"),
        Step("volume", f"{floor} × {length} = {volume}"),
    ], volume


def _stairs(p: Parameters, pieces: bool) -> _Found:  # noqa: FBT001
    tall, wide, cut_tall, cut_wide, length = (
        p[key] for key in ("tall", "wide", "cut_tall", "cut_wide", "length")
    )
    whole, corner = tall * wide, cut_tall * cut_wide
    volume = (whole - corner) * length
    if pieces:
        low, narrow = tall - cut_tall, wide - cut_wide
        lower, upper = low * wide * length, cut_tall * narrow * length
        return [
            Step("low", f"{tall} - {cut_tall} = {low}"),
            Step("narrow", f"{wide} - {cut_wide} = {narrow}"),
            Step("lower_box", f"{low} × {wide} × {length} = {lower}"),
            Step("upper_box", f"{cut_tall} × {narrow} × {length} = {upper}"),
            Step("volume", f"{lower} + {upper} = {volume}"),
        ], volume
    return [
        Step("whole", f"{tall} × {wide} = {whole}"),
        Step("corner", f"{cut_tall} × {cut_wide} = {corner}"),
        Step("base_area", f"{whole} - {corner} = {whole - corner}"),
        Step("volume", f"{whole - corner} × {length} = {volume}"),
    ], volume


def _box_surface(p: Parameters, pieces: bool) -> _Found:  # noqa: FBT001
    long, wide, tall = p["long"], p["wide"], p["tall"]
    one, two, three = long * wide, wide * tall, long * tall
    surface = 2 * (one + two + three)
    if pieces:
        return [
            Step(
                "three_faces",
                f"{long} × {wide} + {wide} × {tall} + {long} × {tall} = {one} + {two} + {three} = {surface // 2}",
            ),
            Step("surface", f"{surface // 2} × 2 = {surface}"),
        ], surface
    around = 2 * (long + wide)
    return [
        Step("base_area", f"{long} × {wide} = {one}"),
        Step("base_around", f"({long} + {wide}) × 2 = {around}"),
        Step("side_area", f"{around} × {tall} = {around * tall}"),
        Step("surface", f"{one} × 2 + {around * tall} = {surface}"),
    ], surface


def _prism_surface(p: Parameters, pieces: bool) -> _Found:  # noqa: FBT001
    one, two, slanted, length = p["one"], p["two"], p["slanted"], p["length"]
    floor, around = one * two // 2, one + two + slanted
    surface = 2 * floor + around * length
    if pieces:
        return [
            Step("base_area", f"{one} × {two} ÷ 2 = {floor}"),
            Step("face_on_one", f"{one} × {length} = {one * length}"),
            Step("face_on_two", f"{two} × {length} = {two * length}"),
            Step("face_on_slanted", f"{slanted} × {length} = {slanted * length}"),
            Step(
                "surface", f"{floor} × 2 + {one * length} + {two * length} + {slanted * length} = {surface}"
            ),
        ], surface
    return [
        Step("base_area", f"{one} × {two} ÷ 2 = {floor}"),
        Step("two_bases", f"{floor} × 2 = {2 * floor}"),
        Step("base_around", f"{one} + {two} + {slanted} = {around}"),
        Step("side_area", f"{around} × {length} = {around * length}"),
        Step("surface", f"{2 * floor} + {around * length} = {surface}"),
    ], surface


def _sunk(p: Parameters, pieces: bool) -> _Found:  # noqa: FBT001
    base, water = p["long"] * p["wide"], p["water"]
    block = p["block_long"] * p["block_wide"] * p["block_tall"]
    rise = block // base
    start = [
        Step("tank_base", f"{p['long']} × {p['wide']} = {base}"),
        Step("block", f"{p['block_long']} × {p['block_wide']} × {p['block_tall']} = {block}"),
    ]
    if pieces:
        return [
            *start,
            Step("rise", f"{block} ÷ {base} = {rise}"),
            Step("depth", f"{water} + {rise} = {water + rise}"),
        ], water + rise
    return [
        *start,
        Step("water_volume", f"{base} × {water} = {base * water}"),
        Step("both_volumes", f"{base * water} + {block} = {base * water + block}"),
        Step("depth", f"{base * water + block} ÷ {base} = {water + rise}"),
    ], water + rise


_WAYS: Mapping[str, Callable[[Parameters, bool], _Found]] = {
    "tank": _tank,
    "prism": _prism,
    "stairs": _stairs,
    "box_surface": _box_surface,
    "prism_surface": _prism_surface,
    "sunk": _sunk,
}

FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("base_and_height", "pieces"))
