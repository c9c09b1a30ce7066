"""Areas of figures with straight sides: 三角形・ひし形・台形・複合図形の面積.

Level 1 has triangles and rhombuses, level 2 trapezia and rectangles with a corner cut off, level 3 a rectangle with a gable
and a border around a rectangle. Every figure is either completed to a simpler one or cut into simpler ones.

Source: 小学校学習指導要領 算数 第5学年 B 図形 (三角形、平行四辺形、ひし形及び台形の面積の計算による求め方).
"""

from __future__ import annotations

from collections.abc import Callable

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked
from tanemaki.verify.problems.geometry._decimals import number, tenths

_FORMS = (("triangle", "rhombus"), ("trapezium", "corner"), ("gable", "border"))
_SCENES = ("paper", "lawn", "board", "field")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw lengths whose area ends within two decimals."""
    form = draw.choose(_FORMS[level - 1])
    found: dict[str, Json] = {"scene": draw.choose(_SCENES), "form": form}
    if form == "triangle":
        found |= {"base": number(2 * draw.between(15, 250), 1), "height": number(draw.between(30, 500), 1)}
    elif form == "rhombus":
        one = draw.between(15, 250)
        found |= {
            "long_diagonal": number(2 * one + 2 * draw.between(5, 120), 1),
            "short_diagonal": number(2 * one, 1),
        }
    elif form == "trapezium":
        upper = draw.between(3, 40)
        found |= {"upper": upper, "lower": upper + draw.between(2, 40), "height": 2 * draw.between(2, 30)}
    elif form == "corner":
        cut_tall, cut_wide = draw.between(2, 20), draw.between(2, 20)
        found |= {"tall": cut_tall + draw.between(2, 30), "wide": cut_wide + draw.between(2, 30)}
        found |= {"cut_tall": cut_tall, "cut_wide": cut_wide}
    elif form == "gable":
        width = draw.between(6, 60)
        found |= {"wall": draw.between(4, 60), "width": width, "roof": 2 * draw.between(2, width // 2)}
    else:
        found |= {"tall": draw.between(5, 60), "wide": draw.between(5, 60), "border": draw.between(1, 9)}
    return found


def solve(p: Parameters, method: str) -> Worked:
    """Complete the figure, or cut it."""
    complete, cut = _WAYS[p["form"]]
    steps, area = (complete if method == "complete" else cut)(p)
    return Worked(tuple(steps), area)


_Found = tuple[list[Step], int | str]


def _triangle_doubled(p: Parameters) -> _Found:
    base, height = p["base"], p["height"]
    doubled = tenths(base) * tenths(height)
    area = number(doubled // 2, 2)
    steps = [
        Step("two_triangles", f"{base} × {height} = {number(doubled, 2)}"),
        Step("area", f"{number(doubled, 2)} ÷ 2 = {area}"),
    ]
    return steps, area


def _triangle_cut(p: Parameters) -> _Found:
    base, height = p["base"], p["height"]
    half, area = tenths(height) * 5, number(tenths(base) * tenths(height) // 2, 2)
    steps = [
        Step("half_height", f"{height} ÷ 2 = {number(half, 2)}"),
        Step("area", f"{base} × {number(half, 2)} = {area}"),
    ]
    return steps, area


def _rhombus_boxed(p: Parameters) -> _Found:
    long, short = p["long_diagonal"], p["short_diagonal"]
    box = tenths(long) * tenths(short)
    area = number(box // 2, 2)
    steps = [
        Step("box", f"{long} × {short} = {number(box, 2)}"),
        Step("area", f"{number(box, 2)} ÷ 2 = {area}"),
    ]
    return steps, area


def _rhombus_cut(p: Parameters) -> _Found:
    long, short = p["long_diagonal"], p["short_diagonal"]
    half, twice = number(tenths(short) * 5, 2), tenths(long) * tenths(short)
    area = number(twice // 2, 2)
    steps = [
        Step("half_diagonal", f"{short} ÷ 2 = {half}"),
        Step("one_triangle", f"{long} × {half} ÷ 2 = {number(twice * 25, 4)}"),
        Step("area", f"{number(twice * 25, 4)} × 2 = {area}"),
    ]
    return steps, area


def _trapezium_doubled(p: Parameters) -> _Found:
    upper, lower, height = p["upper"], p["lower"], p["height"]
    both = (upper + lower) * height
    steps = [
        Step("two_sides", f"{upper} + {lower} = {upper + lower}"),
        Step("two_trapezia", f"{upper + lower} × {height} = {both}"),
        Step("area", f"{both} ÷ 2 = {both // 2}"),
    ]
    return steps, both // 2


def _trapezium_cut(p: Parameters) -> _Found:
    one, two = p["upper"] * p["height"] // 2, p["lower"] * p["height"] // 2
    steps = [
        Step("upper_triangle", f"{p['upper']} × {p['height']} ÷ 2 = {one}"),
        Step("lower_triangle", f"{p['lower']} × {p['height']} ÷ 2 = {two}"),
        Step("area", f"{one} + {two} = {one + two}"),
    ]
    return steps, one + two


def _corner_filled(p: Parameters) -> _Found:
    whole, corner = p["tall"] * p["wide"], p["cut_tall"] * p["cut_wide"]
    steps = [
        Step("whole_rectangle", f"{p['tall']} × {p['wide']} = {whole}"),
        Step("cut_off", f"{p['cut_tall']} × {p['cut_wide']} = {corner}"),
        Step("area", f"{whole} - {corner} = {whole - corner}"),
    ]
    return steps, whole - corner


def _corner_cut(p: Parameters) -> _Found:
    tall, wide = p["tall"] - p["cut_tall"], p["wide"] - p["cut_wide"]
    one, two = tall * p["wide"], p["cut_tall"] * wide
    steps = [
        Step(
            "full_rectangle", f"({p['tall']} - {p['cut_tall']}) × {p['wide']} = {tall} × {p['wide']} = {one}"
        ),
        Step(
            "rest_rectangle",
            f"{p['cut_tall']} × ({p['wide']} - {p['cut_wide']}) = {p['cut_tall']} × {wide} = {two}",
        ),
        Step("area", f"{one} + {two} = {one + two}"),
    ]
    return steps, one + two


def _gable_boxed(p: Parameters) -> _Found:
    wall, width, roof = p["wall"], p["width"], p["roof"]
    whole, corners = (wall + roof) * width, width * roof // 2
    steps = [
        Step("total_height", f"{wall} + {roof} = {wall + roof}"),
        Step("box_around", f"{wall + roof} × {width} = {whole}"),
        Step("two_corners", f"{width} × {roof} ÷ 2 = {corners}"),
        Step("area", f"{whole} - {corners} = {whole - corners}"),
    ]
    return steps, whole - corners


def _gable_cut(p: Parameters) -> _Found:
    below, above = p["wall"] * p["width"], p["width"] * p["roof"] // 2
    steps = [
        Step("wall_rectangle", f"{p['wall']} × {p['width']} = {below}"),
        Step("roof_triangle", f"{p['width']} × {p['roof']} ÷ 2 = {above}"),
        Step("area", f"{below} + {above} = {below + above}"),
    ]
    return steps, below + above


def _border_outside(p: Parameters) -> _Found:
    tall, wide, border = p["tall"], p["wide"], p["border"]
    out_tall, out_wide = tall + 2 * border, wide + 2 * border
    outer, inner = out_tall * out_wide, tall * wide
    steps = [
        Step("outer_tall", f"{tall} + {border} × 2 = {out_tall}"),
        Step("outer_wide", f"{wide} + {border} × 2 = {out_wide}"),
        Step("outer", f"{out_tall} × {out_wide} = {outer}"),
        Step("inner", f"{tall} × {wide} = {inner}"),
        Step("border_area", f"{outer} - {inner} = {outer - inner}"),
    ]
    return steps, outer - inner


def _border_cut(p: Parameters) -> _Found:
    tall, wide, border = p["tall"], p["wide"], p["border"]
    out_wide = wide + 2 * border
    long, short = border * out_wide * 2, tall * border * 2
    steps = [
        Step("outer_wide", f"{wide} + {border} × 2 = {out_wide}"),
        Step("long_strips", f"{border} × {out_wide} × 2 = {long}"),
        Step("short_strips", f"{tall} × {border} × 2 = {short}"),
        Step("border_area", f"{long} + {short} = {long + short}"),
    ]
    return steps, long + short


_WAYS: dict[str, tuple[Callable[[Parameters], _Found], Callable[[Parameters], _Found]]] = {
    "triangle": (_triangle_doubled, _triangle_cut),
    "rhombus": (_rhombus_boxed, _rhombus_cut),
    "trapezium": (_trapezium_doubled, _trapezium_cut),
    "corner": (_corner_filled, _corner_cut),
    "gable": (_gable_boxed, _gable_cut),
    "border": (_border_outside, _border_cut),
}

FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("complete", "cut"), scenes=_SCENES)
