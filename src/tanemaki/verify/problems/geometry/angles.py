"""Angles of triangles, polygons and between parallel lines.

Level 1 has a triangle's third or outer angle, level 2 a quadrangle, an isosceles triangle that is cut, and a bend between
parallels, level 3 the meeting point of two bisectors and a polygon with one angle missing.

Source: 小学校学習指導要領 算数 第5学年 B 図形 (三角形の三つの角、四角形の四つの角の大きさの和) and 中学校学習指導要領 数学
第2学年 B 図形 (平行線の性質、多角形の角). The sum of a triangle's angles and its outer angle: Euclid, Elements I.32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_FORMS = (("triangle", "outside"), ("quadrangle", "isosceles", "bend"), ("bisectors", "polygon"))
_LETTERS = ("abc", "pqr", "klm", "xyz", "fgh", "stu")
_SPREAD = {5: 13, 6: 8, 7: 6, 8: 4}
"""By how much the outer angles of a polygon differ from 360 ÷ n, so that the last one is never under 10°."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw angles that a figure can have."""
    form = draw.choose(_FORMS[level - 1])
    found: dict[str, Json] = {"scene": draw.choose(_LETTERS), "form": form}
    if form in ("triangle", "outside"):
        first = draw.between(15, 110)
        return found | {"first": first, "second": draw.between(15, 160 - first)}
    if form == "quadrangle":
        three = [draw.between(65, 115) for _ in range(3)]
        return found | {"first": three[0], "second": three[1], "third": three[2]}
    if form == "isosceles":
        half = draw.between(10, 70)
        return found | {"apex": 2 * half, "part": draw.between(4, 2 * half - 4)}
    if form == "bend":
        return found | {"first": draw.between(15, 85), "second": draw.between(15, 85)}
    if form == "bisectors":
        half = draw.between(8, 60)
        return found | {"first": 2 * half, "second": 2 * draw.between(8, 80 - half)}
    corners = draw.between(min(_SPREAD), max(_SPREAD))
    spread = _SPREAD[corners]
    known: list[Json] = [180 - 360 // corners + draw.between(-spread, spread) for _ in range(corners - 1)]
    return found | {"corners": corners, "angles": known}


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Return the angles of a polygon as one list."""
    if p["form"] != "polygon":
        return p
    return {
        **p,
        "angles": words["comma"].join(f"{angle}°" for angle in p["angles"]),
        "corners": words.get(f"corners_{p['corners']}", p["corners"]),
        "known": len(p["angles"]),
    }


def solve(p: Parameters, method: str) -> Worked:
    """Add the angles inside, or use the ones outside."""
    steps, angle = _WAYS[p["form"]](p, method == "outer")
    return Worked(tuple(steps), angle)


_Found = tuple[list[Step], int]


def _triangle(p: Parameters, outer: bool) -> _Found:  # noqa: FBT001 - one place calls it
    first, second = p["first"], p["second"]
    third = 180 - first - second
    if outer:
        return [
            Step("outer_theorem"),
            Step("outer", f"{first} + {second} = {first + second}"),
            Step("third", f"180 - {first + second} = {third}"),
        ], third
    return [
        Step("without_one", f"180 - {first} = {180 - first}"),
        Step("third", f"{180 - first} - {second} = {third}"),
    ], third


def _outside(p: Parameters, outer: bool) -> _Found:  # noqa: FBT001
    first, second = p["first"], p["second"]
    if outer:
        return [
            Step("outer_theorem"),
            Step("outer", f"{first} + {second} = {first + second}"),
        ], first + second
    third = 180 - first - second
    return [
        Step("third", f"180 - ({first} + {second}) = {third}"),
        Step("outer", f"180 - {third} = {first + second}"),
    ], first + second


def _polygon(p: Parameters, outer: bool) -> _Found:  # noqa: FBT001
    known = p["angles"] if "angles" in p else [p["first"], p["second"], p["third"]]
    n, total = len(known) + 1, sum(known)
    missing = (n - 2) * 180 - total
    if outer:
        turned = 180 * (n - 1) - total
        parts = " + ".join(f"(180 - {angle})" for angle in known)
        return [
            Step("known_outer", f"{parts} = {turned}"),
            Step("outer_sum"),
            Step("last_outer", f"360 - {turned} = {360 - turned}"),
            Step("missing", f"180 - {360 - turned} = {missing}"),
        ], missing
    triangles = [Step("triangles", f"{n} - 2 = {n - 2}")] if n > 4 else []  # noqa: PLR2004 - everybody sees two in a quadrangle
    return [
        *triangles,
        Step("all_angles", f"180 × {n - 2} = {(n - 2) * 180}"),
        Step("known_angles", f"{' + '.join(map(str, known))} = {total}"),
        Step("missing", f"{(n - 2) * 180} - {total} = {missing}"),
    ], missing


def _isosceles(p: Parameters, outer: bool) -> _Found:  # noqa: FBT001
    apex, part = p["apex"], p["part"]
    base = (180 - apex) // 2
    steps = [
        Step("two_base", f"180 - {apex} = {180 - apex}"),
        Step("base", f"{180 - apex} ÷ 2 = {base}"),
    ]
    if outer:
        return [*steps, Step("cut_outer", f"{base} + {part} = {base + part}")], base + part
    other = 180 - base - part
    return [
        *steps,
        Step("other_side", f"180 - ({base} + {part}) = {other}"),
        Step("cut", f"180 - {other} = {base + part}"),
    ], base + part


def _bend(p: Parameters, outer: bool) -> _Found:  # noqa: FBT001
    first, second = p["first"], p["second"]
    start = [Step("lengthen"), Step("as_outer")] if outer else [Step("third_parallel"), Step("two_parts")]
    return [*start, Step("bend", f"{first} + {second} = {first + second}")], first + second


def _bisectors(p: Parameters, outer: bool) -> _Found:  # noqa: FBT001
    one, two = p["first"] // 2, p["second"] // 2
    halves = [
        Step("half_first", f"{p['first']} ÷ 2 = {one}"),
        Step("half_second", f"{p['second']} ÷ 2 = {two}"),
    ]
    angle = 180 - one - two
    if outer:
        apex = 180 - p["first"] - p["second"]
        return [
            *halves,
            Step("apex", f"180 - ({p['first']} + {p['second']}) = {apex}"),
            Step("outer_twice"),
            Step("between", f"{apex} + {one} + {two} = {angle}"),
        ], angle
    return [
        *halves,
        Step("both_halves", f"{one} + {two} = {one + two}"),
        Step("between", f"180 - {one + two} = {angle}"),
    ], angle


_WAYS: Mapping[str, Callable[[Parameters, bool], _Found]] = {
    "triangle": _triangle,
    "outside": _outside,
    "quadrangle": _polygon,
    "isosceles": _isosceles,
    "bend": _bend,
    "bisectors": _bisectors,
    "polygon": _polygon,
}

FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("inner", "outer"),
    scenes=_LETTERS,
    known=("known",),
    slots=slots,
)
