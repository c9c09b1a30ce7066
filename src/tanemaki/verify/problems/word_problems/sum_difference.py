"""Two or three people whose sum and differences are known: 和差算.

Level 1 asks for the larger or the smaller of two, level 2 what one had before giving some away, level 3 for one of three.

Source: ours; 和差算 is a standing type of Japanese entrance examinations, with these questions.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_SIZES = {
    "money": (30, 250, 10),
    "stickers": (10, 90, 1),
    "marbles": (10, 80, 1),
    "acorns": (15, 120, 1),
    "beads": (20, 200, 1),
}
"""Least and highest amount that the one with least has, and the unit of all amounts."""
_FORMS = {1: ("larger", "smaller"), 2: ("gave",), 3: ("most", "middle")}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw what each has; the sum and the differences follow."""
    scene = draw.choose(tuple(_SIZES))
    low, high, unit = _SIZES[scene]
    form = draw.choose(_FORMS[level])
    n_people = max(2, level)
    found: dict[str, Json] = {"scene": scene, "form": form, "people": draw.sample(range(36), n_people)}
    least = draw.between(low, high)
    more = draw.between(3, max(8, low + least // 3))
    if level == 1:
        return found | {"sum": unit * (2 * least + more), "more": unit * more}
    if level == 2:  # noqa: PLR2004 - levels are 1 to 3
        given = draw.between(2, least // 2)
        return found | {"sum": unit * (2 * least + more), "given": unit * given, "more": unit * more}
    further = draw.between(3, max(8, low + least // 3))
    total = 3 * least + 2 * more + further
    return found | {"sum": unit * total, "more": unit * further, "further": unit * more}


def solve(p: Parameters, method: str) -> Worked:
    """Make all equal and divide, or write an equation."""
    by_equation = method == "equation"
    total, more = p["sum"], p["more"]
    if p["form"] == "gave":
        return _before_giving(p, by_equation=by_equation)
    if "further" in p:
        return _three(p, by_equation=by_equation)
    sign = "+" if p["form"] == "larger" else "-"
    twice = total + more if sign == "+" else total - more
    found = twice // 2
    if by_equation:
        where = {"x": found}
        other = "-" if sign == "+" else "+"
        steps = [
            Step(f"{p['form']}_is_x"),
            Step("equation", f"x + (x {other} {more}) = {total}", where=where),
            Step("gathered", f"2x = {total} {sign} {more} = {twice}", where=where),
            Step(p["form"], f"x = {twice} ÷ 2 = {found}", where=where),
        ]
    else:
        steps = [
            Step(f"twice_{p['form']}", f"{total} {sign} {more} = {twice}"),
            Step(p["form"], f"{twice} ÷ 2 = {found}"),
        ]
    return Worked(tuple(steps), found)


def _before_giving(p: Parameters, *, by_equation: bool) -> Worked:
    total, more, given = p["sum"], p["more"], p["given"]
    apart = more + 2 * given
    found = (total + apart) // 2
    if by_equation:
        where = {"x": found}
        steps = [
            Step("giver_is_x"),
            Step("equation", f"x - {given} = {total} - x + {given} + {more}", where=where),
            Step("gathered", f"2x = {total} + {given} + {more} + {given} = {total + apart}", where=where),
            Step("giver", f"x = {total + apart} ÷ 2 = {found}", where=where),
        ]
    else:
        steps = [
            Step("change", f"{given} × 2 = {2 * given}"),
            Step("apart", f"{more} + {2 * given} = {apart}"),
            Step("twice_giver", f"{total} + {apart} = {total + apart}"),
            Step("giver", f"{total + apart} ÷ 2 = {found}"),
        ]
    return Worked(tuple(steps), found)


def _three(p: Parameters, *, by_equation: bool) -> Worked:
    total, more, further = p["sum"], p["more"], p["further"]
    both = more + further
    rest = total - both - further
    least = rest // 3
    if by_equation:
        where = {"x": least}
        steps = [
            Step("least_is_x"),
            Step("equation", f"(x + {further} + {more}) + (x + {further}) + x = {total}", where=where),
            Step("gathered", f"3x = {total} - {further} - {more} - {further} = {rest}", where=where),
            Step("least", f"x = {rest} ÷ 3 = {least}", where=where),
        ]
    else:
        steps = [
            Step("both", f"{more} + {further} = {both}"),
            Step("without_most", f"{total} - {both} = {total - both}"),
            Step("thrice_least", f"{total - both} - {further} = {rest}"),
            Step("least", f"{rest} ÷ 3 = {least}"),
        ]
    found = least + (both if p["form"] == "most" else further)
    equation = f"{least} + {both if p['form'] == 'most' else further} = {found}"
    if by_equation and p["form"] == "most":
        equation = f"{least} + {further} + {more} = {found}"
    return Worked((*steps, Step(p["form"], equation)), found)


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("make_equal", "equation"), scenes=tuple(_SIZES)
)
