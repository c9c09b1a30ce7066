"""Lengths and areas on a map and in the field: 縮尺.

Level 1 asks for a real length in metres, level 2 for one in kilometres, for the length on the map or for the scale,
level 3 for a real area in square metres or hectares.

Source: 小学校学習指導要領 算数 第6学年 B 図形 (縮図や拡大図).
"""

from __future__ import annotations

from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked, decimal

_FORMS = {
    1: ("metres",),
    2: ("kilometres", "map", "scale"),
    3: ("square_metres", "square_metres", "hectares"),
}
_SCENES = ("station", "school", "bridge", "harbour", "castle")
_LARGE = (800, 1000, 1200, 1500, 1600, 2000, 2500, 3000, 4000, 5000, 6000, 7500, 8000)
_SMALL = (10000, 12000, 15000, 20000, 25000, 30000, 40000, 50000, 60000)
_FIELD = (500, 1000, 2000, 2500, 5000)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the scale and lengths of the map in tenths of a centimetre."""
    form = draw.choose(_FORMS[level])
    p: dict[str, Json] = {"form": form, "scene": draw.choose(_SCENES)}
    if form in ("square_metres", "hectares"):
        scale = draw.choose((2000, 4000, 5000) if form == "hectares" else _FIELD)
        sides = (Fraction(draw.between(10, 99) * (5 if form == "hectares" else 1), 10) for _ in range(2))
        return {**p, "scale": scale, "sides": [decimal(side) for side in sides]}
    length = Fraction(draw.between(40, 600 if form == "metres" else 450), 10)
    scale = draw.choose(_LARGE if form == "metres" else _SMALL)
    if form in ("map", "scale"):
        p["real"] = decimal(length * scale / 100_000)
    if form != "map":
        p["length"] = decimal(length)
    if form != "scale":
        p["scale"] = scale
    return p


def slots(p: Parameters, _words: object) -> dict[str, object]:
    """Name both sides of a field."""
    sides = dict(zip(("height", "width"), p.get("sides", ()), strict=False))
    return {**{key: value for key, value in p.items() if key != "sides"}, **sides}


def solve(p: Parameters, method: str) -> Worked:
    """Convert what was measured, or find first what one centimetre of the map is."""
    form = p["form"]
    if form in ("map", "scale"):
        return _from_real(p, method)
    if form in ("square_metres", "hectares"):
        return _area(p, method)
    scale, length = p["scale"], p["length"]
    metres = Fraction(length) * scale / 100
    if method == "whole_length":
        steps = [
            Step("real_cm", f"{length} × {scale} = {decimal(metres * 100)}"),
            Step("real_m", f"{decimal(metres * 100)} ÷ 100 = {decimal(metres)}"),
        ]
    else:
        steps = [
            Step("one_cm", f"{scale} ÷ 100 = {scale // 100}"),
            Step("real_m", f"{scale // 100} × {length} = {decimal(metres)}"),
        ]
    if form == "kilometres":
        steps.append(Step("real_km", f"{decimal(metres)} ÷ 1000 = {decimal(metres / 1000)}"))
        metres /= 1000
    return Worked(tuple(steps), _plain(metres))


def _from_real(p: Parameters, method: str) -> Worked:
    real = Fraction(p["real"])
    metres, cm = decimal(real * 1000), decimal(real * 100_000)
    steps = [Step("real_m", f"{p['real']} × 1000 = {metres}")]
    if p["form"] == "scale":
        value = real * 100_000 / Fraction(p["length"])
        if method == "whole_length":
            steps.append(Step("real_cm", f"{metres} × 100 = {cm}"))
            steps.append(Step("scale", f"{cm} ÷ {p['length']} = {decimal(value)}"))
        else:
            one = decimal(value / 100)
            steps.append(Step("one_cm", f"{metres} ÷ {p['length']} = {one}"))
            steps.append(Step("scale", f"{one} × 100 = {decimal(value)}"))
        return Worked(tuple(steps), _plain(value))
    scale = p["scale"]
    length = real * 100_000 / scale
    if method == "whole_length":
        steps.append(Step("real_cm", f"{metres} × 100 = {cm}"))
        steps.append(Step("map_cm", f"{cm} ÷ {scale} = {decimal(length)}"))
    else:
        steps.append(Step("one_cm", f"{scale} ÷ 100 = {scale // 100}"))
        steps.append(Step("map_cm", f"{metres} ÷ {scale // 100} = {decimal(length)}"))
    return Worked(tuple(steps), _plain(length))


def _area(p: Parameters, method: str) -> Worked:
    one, scale = p["scale"] // 100, p["scale"]
    sides = [Fraction(side) for side in p["sides"]]
    area = sides[0] * sides[1] * one * one
    steps: list[Step] = []
    if method == "whole_length":
        for name, side, shown in zip(("height", "width"), sides, p["sides"], strict=True):
            steps.append(Step(f"{name}_cm", f"{shown} × {scale} = {decimal(side * scale)}"))
            steps.append(Step(f"{name}_m", f"{decimal(side * scale)} ÷ 100 = {decimal(side * one)}"))
        steps.append(Step("area", f"{decimal(sides[0] * one)} × {decimal(sides[1] * one)} = {decimal(area)}"))
    else:
        steps.append(Step("one_cm", f"{scale} ÷ 100 = {one}"))
        steps.append(Step("one_square", f"{one} × {one} = {one * one}"))
        steps.append(Step("map_area", f"{p['sides'][0]} × {p['sides'][1]} = {decimal(sides[0] * sides[1])}"))
        steps.append(Step("area", f"{one * one} × {decimal(sides[0] * sides[1])} = {decimal(area)}"))
    if p["form"] == "hectares":
        steps.append(Step("hectares", f"{decimal(area)} ÷ 10000 = {decimal(area / 10_000)}"))
        area /= 10_000
    return Worked(tuple(steps), _plain(area))


def _plain(value: Fraction) -> Json:
    return value.numerator if value.denominator == 1 else decimal(value)


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("whole_length", "one_centimetre"),
    scenes=_SCENES,
    slots=slots,
)
