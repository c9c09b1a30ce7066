"""Trees at equal distances along a road or round a pond: 植木算.

Level 1 plants one row, with both ends or without; level 2 plants both sides of a road, or smaller plants between those
round a pond; level 3 fills the gaps on both sides of a road, or plants a row anew at another distance.

Source: ours; 植木算 is taught in Japanese primary schools and asked in entrance examinations, with these questions.
"""

from __future__ import annotations

from math import gcd, lcm

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_SCENES = ("cherry", "lamp", "flag", "ginkgo", "post")
_FORMS = {1: ("with_ends", "without_ends"), 2: ("both_sides", "loop"), 3: ("filled", "anew")}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a distance and a way that it divides."""
    form = draw.choose(_FORMS[level])
    found: dict[str, Json] = {
        "scene": draw.choose(_SCENES),
        "form": form,
        "people": draw.sample(range(36), 1),
    }
    gap = draw.between(3, 15)
    if form in ("loop", "filled"):
        parts = draw.between(2, 6)
        small = draw.between(2, 6)
        return found | {"small_gap": small, "gap": small * parts, "way": small * parts * draw.between(8, 50)}
    if form == "anew":
        other = draw.choose(
            [new for new in range(3, 16) if new % gap and (new == gap + 1 or gcd(gap, new) > 1)] or [gap - 1]
        )
        both = lcm(gap, other)
        return found | {"gap": gap, "new_gap": other, "way": both * draw.between(2, max(4, 600 // both))}
    return found | {"gap": gap, "way": gap * draw.between(8, 70)}


def solve(p: Parameters, method: str) -> Worked:
    """Count gap by gap, or take the whole row and correct it."""
    whole_row = method == "whole_row"
    if p["form"] in ("loop", "filled"):
        return _between(p, whole_row=whole_row)
    if p["form"] == "anew":
        return _anew(p, whole_row=whole_row)
    way, gap, sign = p["way"], p["gap"], "-" if p["form"] == "without_ends" else "+"
    gaps, change = way // gap, -1 if sign == "-" else 1
    row = gaps + change
    if p["form"] == "both_sides" and whole_row:
        steps = [
            Step("both_gaps", f"{way} × 2 ÷ {gap} = {2 * gaps}"),
            Step("both", f"{2 * gaps} + 1 × 2 = {2 * row}"),
        ]
        return Worked(tuple(steps), 2 * row)
    if whole_row:
        longer = way + change * gap
        steps = [
            Step("longer" if sign == "+" else "shorter", f"{way} {sign} {gap} = {longer}"),
            Step("row", f"{longer} ÷ {gap} = {row}"),
        ]
    else:
        steps = [Step("gaps", f"{way} ÷ {gap} = {gaps}"), Step("row", f"{gaps} {sign} 1 = {row}")]
    if p["form"] != "both_sides":
        return Worked(tuple(steps), row)
    return Worked((*steps, Step("both", f"{row} × 2 = {2 * row}")), 2 * row)


def _between(p: Parameters, *, whole_row: bool) -> Worked:
    """Solve for the smaller ones between the larger ones, round a pond or on both sides of a road."""
    way, gap, small = p["way"], p["gap"], p["small_gap"]
    gaps, parts = way // gap, gap // small
    number = gaps * (parts - 1)
    if whole_row:
        end, more = (" + 1", 1) if p["form"] == "filled" else ("", 0)
        places, large = gaps * parts + more, gaps + more
        steps = [
            Step("places", f"{way} ÷ {small}{end} = {places}"),
            Step("large", f"{way} ÷ {gap}{end} = {large}"),
            Step("small", f"{places} - {large} = {number}"),
        ]
    else:
        steps = [
            Step("gaps", f"{way} ÷ {gap} = {gaps}"),
            Step("parts", f"{gap} ÷ {small} = {parts}"),
            Step("small_of_gap", f"{parts} - 1 = {parts - 1}"),
            Step("small", f"{parts - 1} × {gaps} = {number}"),
        ]
    if p["form"] == "loop":
        return Worked(tuple(steps), number)
    return Worked((*steps, Step("small_both", f"{number} × 2 = {2 * number}")), 2 * number)


def _anew(p: Parameters, *, whole_row: bool) -> Worked:
    """Solve for the holes that are new when the distance changes."""
    way, gap, new = p["way"], p["gap"], p["new_gap"]
    both = lcm(gap, new)
    stretches, new_gaps = way // both, way // new
    holes = new_gaps - stretches
    steps = [
        Step("common", f"lcm({gap}, {new}) = {both}"),
        Step("stretches", f"{way} ÷ {both} = {stretches}"),
    ]
    if whole_row:
        steps += [
            Step("staying", f"{stretches} + 1 = {stretches + 1}"),
            Step("new_gaps", f"{way} ÷ {new} = {new_gaps}"),
            Step("new_row", f"{new_gaps} + 1 = {new_gaps + 1}"),
            Step("holes", f"{new_gaps + 1} - {stretches + 1} = {holes}"),
        ]
    else:
        each = both // new
        steps += [
            Step("new_parts", f"{both} ÷ {new} = {each}"),
            Step("holes_of_stretch", f"{each} - 1 = {each - 1}"),
            Step("holes", f"{each - 1} × {stretches} = {holes}"),
        ]
    return Worked(tuple(steps), holes)


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("per_gap", "whole_row"), scenes=_SCENES)
