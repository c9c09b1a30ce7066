"""How many are in one of two sets, in none, in both, in exactly one: 集合の要素の個数.

Level 1 asks for the union, level 2 for the complement of the union or for the intersection, level 3 for those in exactly
one.

Source: 高等学校学習指導要領 数学A「場合の数と確率」 (the number of elements of a set).
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_SCENES = ("pets", "instruments", "languages", "cities", "sports", "sushi")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the four regions; told is what the form needs."""
    only_first, only_second = draw.between(5, 60), draw.between(5, 60)
    both, neither = draw.between(3, 40), draw.between(3, 40)
    first, second = only_first + both, only_second + both
    union = only_first + both + only_second
    sets: dict[str, Json] = {"scene": draw.choose(_SCENES), "first": first, "second": second}
    if level == 1:
        return {**sets, "form": "union", "both": both}
    form = draw.choose(("neither", "both")) if level == 2 else "exactly_one"  # noqa: PLR2004 - the second of three levels
    told = {"both": both} if form == "neither" else {"neither": neither}
    return {**sets, "form": form, "total": union + neither, **told}


def solve(p: Parameters, method: str) -> Worked:
    """Add both and take the intersection away, or fill the regions of the diagram."""
    first, second, form = p["first"], p["second"], p["form"]
    if form in ("union", "neither"):
        steps, union = (_add if method == "formula" else _fill)(first, second, p["both"])
        if form == "union":
            return Worked(tuple(steps), union)
        neither = p["total"] - union
        return Worked((*steps, Step("neither", f"{p['total']} - {union} = {neither}")), neither)
    union = p["total"] - p["neither"]
    both = first + second - union
    one = union - both
    steps = [Step("union", f"{p['total']} - {p['neither']} = {union}")]
    if method == "formula":
        steps.append(Step("both", f"{first} + {second} - {union} = {both}"))
        if form == "exactly_one":
            steps.append(Step("exactly_one", f"{union} - {both} = {one}"))
    else:
        steps.append(Step("only_second", f"{union} - {first} = {union - first}"))
        if form == "both":
            steps.append(Step("both", f"{second} - {union - first} = {both}"))
        else:
            steps += (
                Step("only_first", f"{union} - {second} = {union - second}"),
                Step("exactly_one", f"{union - second} + {union - first} = {one}"),
            )
    return Worked(tuple(steps), both if form == "both" else one)


def _add(first: int, second: int, both: int) -> tuple[list[Step], int]:
    union = first + second - both
    return [Step("union", f"{first} + {second} - {both} = {union}")], union


def _fill(first: int, second: int, both: int) -> tuple[list[Step], int]:
    left, right = first - both, second - both
    union = left + both + right
    return [
        Step("only_first", f"{first} - {both} = {left}"),
        Step("only_second", f"{second} - {both} = {right}"),
        Step("union", f"{left} + {both} + {right} = {union}"),
    ], union


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("formula", "diagram"), scenes=_SCENES)
