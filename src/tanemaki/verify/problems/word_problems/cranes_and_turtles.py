"""Two kinds of thing, counted by heads and by legs: 鶴亀算.

Level 1 asks for the kind with more legs, level 2 for the other one, level 3 for the difference between the two.

Source: 孫子算経 (Sunzi Suanjing), vol. 3, problem 31 (pheasants and rabbits); the Japanese form with cranes and turtles is
坂部広胖『算法点竄指南録』 (1815).
"""

from __future__ import annotations

from typing import Any

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_LEGS = {"crane": (2, 4), "cycle": (2, 3), "beetle": (6, 8), "table": (3, 4), "car": (2, 4), "squid": (8, 10)}
"""How many legs, wheels or arms one of each kind has."""
_ASKED = {1: "many", 2: "few", 3: "difference"}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw both numbers; the one with more legs is the larger one where the difference is asked."""
    scene = draw.choose(tuple(_LEGS))
    few_legs, many_legs = _LEGS[scene]
    few = draw.between(2, 120)
    many = few + draw.between(2, 120) if level == len(_ASKED) else draw.between(2, 120)
    return {
        "scene": scene,
        "form": _ASKED[level],
        "few_legs": few_legs,
        "many_legs": many_legs,
        "heads": few + many,
        "legs": few * few_legs + many * many_legs,
    }


def solve(p: Parameters, method: str) -> Worked:
    """Take all for one kind and exchange, or write two equations."""
    heads, legs, low, high = p["heads"], p["legs"], p["few_legs"], p["many_legs"]
    many = (legs - low * heads) // (high - low)
    few = heads - many
    steps = (
        _by_assuming(heads, legs, low, high, many)
        if method == "assume_all_one"
        else _by_equations(heads, legs, low, high, few, many)
    )
    if p["form"] == "many":
        return Worked(tuple(steps), many)
    steps.append(Step("few", f"{heads} - {many} = {few}"))
    if p["form"] == "few":
        return Worked(tuple(steps), few)
    steps.append(Step("difference", f"{many} - {few} = {many - few}"))
    return Worked(tuple(steps), many - few)


def _by_assuming(heads: int, legs: int, low: int, high: int, many: int) -> list[Step]:
    return [
        Step("all_few", f"{low} × {heads} = {low * heads}"),
        Step("missing", f"{legs} - {low * heads} = {legs - low * heads}"),
        Step("exchange", f"{high} - {low} = {high - low}"),
        Step("many", f"{legs - low * heads} ÷ {high - low} = {many}"),
    ]


def _by_equations(heads: int, legs: int, low: int, high: int, few: int, many: int) -> list[Step]:
    where: dict[str, Any] = {"x": few, "y": many}
    return [
        Step("unknowns"),
        Step("heads_equation", f"x + y = {heads}", where=where),
        Step("legs_equation", f"{low}x + {high}y = {legs}", where=where),
        Step("without_x", f"{low}({heads} - y) + {high}y = {legs}", where=where),
        Step("many", f"y = ({legs} - {low * heads}) ÷ ({high} - {low}) = {many}", where=where),
    ]


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("assume_all_one", "equations"),
    scenes=tuple(_LEGS),
    known=("few_legs", "many_legs"),
)
