"""A part is known, the whole is asked: 相当算.

Level 1 uses up a fraction of the whole, level 2 also a fraction of the rest, level 3 a fraction and some more each time.

Source: ours; 相当算 is a standing type of Japanese entrance examinations, with these questions.
"""

from __future__ import annotations

from math import gcd

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_SIZES = {
    "book": (60, 480, 1),
    "money": (60, 900, 10),
    "juice": (40, 250, 10),
    "ribbon": (60, 600, 1),
    "flour": (40, 300, 10),
}
"""Least and largest whole, and the unit of all amounts."""
_PARTS = tuple(
    (above, below)
    for below in range(2, 10)
    for above in range(1, below)
    if gcd(above, below) == 1 and 4 * above <= 3 * below
)
_FORMS = ("once", "twice", "and_more")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw fractions, then a whole of which every part is a whole number."""
    scene = draw.choose(tuple(_SIZES))
    low, high, unit = _SIZES[scene]
    found: dict[str, Json] = {"scene": scene, "form": _FORMS[level - 1], "people": draw.sample(range(36), 1)}
    above, below = draw.choose(_PARTS)
    found["first_part"] = f"{above}/{below}"
    if level == 1:
        portion = draw.between(-(-low // below), high // below)
        return found | {"left": unit * portion * (below - above)}
    next_above, next_below = draw.choose(_PARTS)
    found["second_part"] = f"{next_above}/{next_below}"
    if level == 2:  # noqa: PLR2004 - levels are 1 to 3
        step = below * next_below // gcd(below - above, next_below)
        portion = draw.between(-(-low // step), max(-(-low // step), high // step)) * step // below
        return found | {"left": unit * portion * (below - above) * (next_below - next_above) // next_below}
    portion = draw.between(-(-low // below) + 8, high // below + 16)
    rest = portion * (below - above)
    more = rest % next_below or next_below
    rest -= more
    left = rest // next_below * (next_below - next_above)
    further = draw.between(1, max(1, min(12, left // 2)))
    return found | {"first_more": unit * more, "second_more": unit * further, "left": unit * (left - further)}


def solve(p: Parameters, method: str) -> Worked:
    """Go back from what is left, or write an equation."""
    if method == "equation":
        return _by_equation(p)
    if p["form"] == "once":
        part, whole = _back(p["first_part"], p["left"])
        steps = [
            Step("rest_share", f"1 - {p['first_part']} = {part}"),
            Step("whole", f"{p['left']} ÷ {part} = {whole}"),
        ]
        return Worked(tuple(steps), whole)
    left, steps = p["left"], []
    if "second_more" in p:
        before = left + p["second_more"]
        steps.append(Step("before_second_more", f"{left} + {p['second_more']} = {before}"))
        left = before
    part, after_first = _back(p["second_part"], left)
    steps.append(Step("second_rest", f"1 - {p['second_part']} = {part}"))
    steps.append(Step("after_first", f"{left} ÷ {part} = {after_first}"))
    if "first_more" in p:
        before = after_first + p["first_more"]
        steps.append(Step("before_first_more", f"{after_first} + {p['first_more']} = {before}"))
        after_first = before
    part, whole = _back(p["first_part"], after_first)
    steps.append(Step("first_rest", f"1 - {p['first_part']} = {part}"))
    steps.append(Step("whole", f"{after_first} ÷ {part} = {whole}"))
    return Worked(tuple(steps), whole)


def _back(used: str, left: int) -> tuple[str, int]:
    """Return the fraction that is left when one is used, and the whole of which that much is left."""
    above, _, below = used.partition("/")
    kept, of = int(below) - int(above), int(below)
    return f"{kept}/{of}", left * of // kept


def _by_equation(p: Parameters) -> Worked:
    left, first_more, second_more = p["left"], p.get("first_more", 0), p.get("second_more", 0)
    steps = [Step("whole_is_x")]
    if p["form"] == "once":
        part, whole = _back(p["first_part"], left)
        where = {"x": whole}
        steps += [
            Step("equation", f"x - {p['first_part']} × x = {left}", where=where),
            Step("gathered", f"{part} × x = {left}", where=where),
            Step("whole", f"x = {left} ÷ {part} = {whole}", where=where),
        ]
        return Worked(tuple(steps), whole)
    second, after_first = _back(p["second_part"], left + second_more)
    first, whole = _back(p["first_part"], after_first + first_more)
    where = {"x": whole}
    if p["form"] == "twice":
        both = _product(first, second)
        steps += [
            Step("equation", f"{first} × {second} × x = {left}", where=where),
            Step("gathered", f"{both} × x = {left}", where=where),
            Step("whole", f"x = {left} ÷ {both} = {whole}", where=where),
        ]
        return Worked(tuple(steps), whole)
    before = left + second_more
    steps += [
        Step("equation", f"({first} × x - {first_more}) × {second} - {second_more} = {left}", where=where),
        Step(
            "gathered",
            f"({first} × x - {first_more}) × {second} = {left} + {second_more} = {before}",
            where=where,
        ),
        Step("in_brackets", f"{first} × x - {first_more} = {before} ÷ {second} = {after_first}", where=where),
        Step(
            "times_x", f"{first} × x = {after_first} + {first_more} = {after_first + first_more}", where=where
        ),
        Step("whole", f"x = {after_first + first_more} ÷ {first} = {whole}", where=where),
    ]
    return Worked(tuple(steps), whole)


def _product(first: str, second: str) -> str:
    """Return the product of two fractions in lowest terms."""
    above = int(first.partition("/")[0]) * int(second.partition("/")[0])
    below = int(first.partition("/")[2]) * int(second.partition("/")[2])
    by = gcd(above, below)
    return f"{above // by}/{below // by}"


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("backwards", "equation"), scenes=tuple(_SIZES)
)
