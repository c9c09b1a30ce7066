"""How many shortest ways are there through a town of blocks, by way of one corner or round another? 最短経路.

Level 1 goes by way of a corner, level 2 keeps clear of one, level 3 does both.

Source: 高等学校学習指導要領 数学A「組合せ」 (shortest ways; arrangements with equal things).
"""

from __future__ import annotations

from math import comb, factorial

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_SCENES = ("school", "library", "station")
_PEOPLE = range(36)
Corner = tuple[int, int]


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the corner on the way, the one to be avoided, and the end behind both."""
    east, north = draw.between(1, 5), draw.between(1, 5)
    told: dict[str, Json] = {"scene": draw.choose(_SCENES), "form": ("by", "round", "both")[level - 1]}
    if level != 2:  # noqa: PLR2004 - the second level has no corner to go by
        told |= {"by_east": east, "by_north": north}
        if level == 3:  # noqa: PLR2004 - the last level
            east, north = east + draw.between(1, 2), north + draw.between(1, 2)
    if level > 1:
        told |= {"shut_east": east, "shut_north": north}
    told |= {"east": east + draw.between(1, 5), "north": north + draw.between(1, 5)}
    return {**told, "people": [draw.choose(_PEOPLE)]}


def solve(p: Parameters, method: str) -> Worked:
    """Choose the blocks that go east, or put the letters of both directions in order."""
    end = (p["east"], p["north"])
    by = (p["by_east"], p["by_north"]) if "by_east" in p else (0, 0)
    if p["form"] == "by":
        (one, first), (two, second) = (
            _leg("start_by", (0, 0), by, method),
            _leg("by_end", by, end, method),
        )
        return Worked((one, two, Step("found", f"{first} × {second} = {first * second}")), first * second)
    shut = (p["shut_east"], p["shut_north"])
    begin = "by" if p["form"] == "both" else "start"
    whole, n_whole = _leg(f"{begin}_end", by, end, method)
    one, first = _leg(f"{begin}_shut", by, shut, method)
    two, second = _leg("shut_end", shut, end, method)
    through, free = first * second, n_whole - first * second
    steps = [whole, one, two, Step(f"{begin}_through", f"{first} × {second} = {through}")]
    if p["form"] == "round":
        return Worked((*steps, Step("found", f"{n_whole} - {through} = {free}")), free)
    before, n_before = _leg("start_by", (0, 0), by, method)
    steps += (Step("by_free", f"{n_whole} - {through} = {free}"), before)
    return Worked((*steps, Step("found", f"{n_before} × {free} = {n_before * free}")), n_before * free)


def _leg(key: str, start: Corner, end: Corner, method: str) -> tuple[Step, int]:
    east, north = end[0] - start[0], end[1] - start[1]
    n = east + north
    found = comb(n, east)
    if method == "combinations":
        return Step(key, f"C({east} + {north}, {east}) = C({n}, {east}) = {found}"), found
    product = factorial(east) * factorial(north)
    return Step(key, f"{n}! ÷ ({east}! × {north}!) = {factorial(n)} ÷ {product} = {found}"), found


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("combinations", "equal_letters"), scenes=_SCENES
)
