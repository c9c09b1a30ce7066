"""Lengths, volumes and areas in the units of old Japan (尺貫法): 里, 町, 間; 斗, 升, 合; 反, 畝, 歩.

Level 1 has two units, level 2 three, level 3 asks for today's unit, with the factor that the problem states (1合 as 180 mL).

Source: 度量衡法 (1891):
1里 = 36町, 1町 = 60間, 1丈 = 10尺, 1斗 = 10升, 1反 = 10畝, 1畝 = 30歩. There 1尺 is 10/33 m, so that
1間 is about 1.8 m and 1歩 (1坪) 400/121 m², about 3.3 m²; problems state the rounded factor.
"""

from __future__ import annotations

from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked, decimal

_SCALES = {
    "road": (36, 60, "1.8", 9),
    "cloth": (10, 10, "3", 40),
    "rice": (10, 10, "180", 40),
    "storehouse": (10, 10, "1.8", 40),
    "field": (10, 30, "3.3", 30),
}
"""How many middle ones make a large unit, small ones a middle one; what a small one is today; the most large ones."""
_FORMS = {1: "two", 2: "three", 3: "today"}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw how much there is, and how much of it is used up."""
    scene = draw.choose(tuple(_SCALES))
    first, second, today, most = _SCALES[scene]
    large, middle = draw.between(2, most), draw.between(1, first - 1)
    parameters: dict[str, Json] = {
        "scene": scene,
        "form": _FORMS[level],
        "large": large,
        "middle": middle,
        "first": first,
    }
    if level == 1:
        return {**parameters, "used": draw.between(2, large * first - 1)}
    small = draw.between(1, second - 1)
    whole = (large * first + middle) * second + small
    parameters = {**parameters, "small": small, "second": second, "used": draw.between(2, whole // 2)}
    return parameters if level == 2 else {**parameters, "today": today}  # noqa: PLR2004 - of three


def solve(p: Parameters, method: str) -> Worked:
    """Change into the next smaller unit, again and again, or each part into the smallest at once; then take away."""
    large, middle, first, used = p["large"], p["middle"], p["first"], p["used"]
    if p["form"] == "two":
        steps = [Step("large_as_middle", f"{large} × {first} = {large * first}")]
        steps.append(Step("whole_in_middle", f"{large * first} + {middle} = {large * first + middle}"))
        left = large * first + middle - used
        steps.append(Step("left_in_middle", f"{left + used} - {used} = {left}"))
        return Worked(tuple(steps), left)
    small, second = p["small"], p["second"]
    in_middle = large * first + middle
    whole = in_middle * second + small
    if method == "unit_by_unit":
        steps = [
            Step("in_middle", f"{large} × {first} + {middle} = {in_middle}"),
            Step("whole_as_small", f"{in_middle} × {second} = {in_middle * second}"),
            Step("whole", f"{in_middle * second} + {small} = {whole}"),
        ]
    else:
        one = first * second
        steps = [
            Step("one_large", f"{first} × {second} = {one}"),
            Step("large_as_small", f"{large} × {one} = {large * one}"),
            Step("middle_as_small", f"{middle} × {second} = {middle * second}"),
            Step("whole", f"{large * one} + {middle * second} + {small} = {whole}"),
        ]
    left = whole - used
    steps.append(Step("left", f"{whole} - {used} = {left}"))
    if p["form"] == "three":
        return Worked(tuple(steps), left)
    answer = decimal(Fraction(p["today"]) * left)
    steps.append(Step("left_today", f"{p['today']} × {left} = {answer}"))
    return Worked(tuple(steps), answer if "." in answer else int(answer))


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("unit_by_unit", "each_part"), scenes=tuple(_SCALES)
)
