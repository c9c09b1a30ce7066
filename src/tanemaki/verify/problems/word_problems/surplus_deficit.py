"""Things shared out in two ways, with some left over or lacking: 過不足算.

Level 1 asks how many share, level 2 how many things there are, level 3 fills benches or rooms of which some stay empty.

Source: 九章算術 (The Nine Chapters), chapter 7, 盈不足 (excess and deficit), asks for people and price in this way.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_SCENES = ("sweets", "paper", "pencils", "cards", "chestnuts")
_FORMS = {1: ("people",), 2: ("things", "both_left"), 3: ("benches", "rooms")}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw who shares and two numbers for each; the rest follows."""
    form = draw.choose(_FORMS[level])
    found: dict[str, Json] = {"form": form, "people": draw.sample(range(36), 1)}
    if level == 3:  # noqa: PLR2004 - the last level
        low, more, empty = draw.between(3, 6), draw.between(1, 2), draw.between(1, 3)
        high = low + more
        last = draw.between(1, high - 1)
        seats = high * (empty + 1) // more + draw.between(
            2, 20
        )  # so many that some have no seat in the first way
        total = high * (seats - empty - 1) + last
        found |= {"low": low, "high": high, "left": total - low * seats, "last": last, "empty": empty}
        return found
    low, more, people = draw.between(2, 9), draw.between(1, 4), draw.between(6, 40)
    found |= {"scene": draw.choose(_SCENES), "low": low, "high": low + more}
    if form == "both_left":
        less = draw.between(1, 20)
        return found | {"left": less + more * people, "less": less}
    left = draw.between(1, min(30, more * people - 1))
    return found | {"left": left, "short": more * people - left}


def solve(p: Parameters, method: str) -> Worked:
    """Divide the difference of all by the difference of each, or write an equation."""
    low, high, left = p["low"], p["high"], p["left"]
    by_equation = method == "equation"
    if "empty" in p:
        return _seats(p, by_equation=by_equation)
    sign, other = ("-", p["less"]) if "less" in p else ("+", p["short"])
    all_more = left - other if sign == "-" else left + other
    people = all_more // (high - low)
    if by_equation:
        where = {"x": people}
        opposite = "+" if sign == "-" else "-"
        steps = [
            Step("people_are_x"),
            Step("equation", f"{low}x + {left} = {high}x {opposite} {other}", where=where),
        ]
        if high - low > 1:
            steps.append(Step("gathered", f"{high - low}x = {left} {sign} {other} = {all_more}", where=where))
            steps.append(Step("number", f"x = {all_more} ÷ {high - low} = {people}", where=where))
        else:
            steps.append(Step("number", f"x = {left} {sign} {other} = {people}", where=where))
    else:
        steps = [
            Step("all_more", f"{left} {sign} {other} = {all_more}"),
            Step("each_more", f"{high} - {low} = {high - low}"),
            Step("number", f"{all_more} ÷ {high - low} = {people}"),
        ]
    if p["form"] == "people":
        return Worked(tuple(steps), people)
    total = low * people + left
    return Worked((*steps, Step("things", f"{low} × {people} + {left} = {total}")), total)


def _seats(p: Parameters, *, by_equation: bool) -> Worked:
    low, high, left, last, empty = p["low"], p["high"], p["left"], p["last"], p["empty"]
    free = high * empty + high - last
    seats = (left + free) // (high - low)
    total = low * seats + left
    if by_equation:
        where = {"x": seats}
        gathered = high * (empty + 1) + left - last
        x = f"{high - low}x" if high - low > 1 else "x"
        steps = [
            Step("seats_are_x"),
            Step("equation", f"{low}x + {left} = {high}(x - {empty + 1}) + {last}", where=where),
            Step("gathered", f"{x} = {high * (empty + 1)} + {left} - {last} = {gathered}", where=where),
        ]
        if high - low > 1:
            steps.append(Step("seats", f"x = {gathered} ÷ {high - low} = {seats}", where=where))
    else:
        steps = [
            Step("free_on_last", f"{high} - {last} = {high - last}"),
            Step("free_on_empty", f"{high} × {empty} = {high * empty}"),
            Step("free", f"{high - last} + {high * empty} = {free}"),
            Step("all_more_seats", f"{left} + {free} = {left + free}"),
            Step("each_more_seats", f"{high} - {low} = {high - low}"),
            Step("seats", f"{left + free} ÷ {high - low} = {seats}"),
        ]
    return Worked((*steps, Step("total", f"{low} × {seats} + {left} = {total}")), total)


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Give the solution's sentences the words for a bench or a room."""
    if "empty" not in p:
        return p
    return {**p, "seat": words[f"{p['form']}_seat"], "seats": words[f"{p['form']}_seats"]}


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("differences", "equation"),
    scenes=_SCENES,
    slots=_slots,
    known=("seat", "seats"),
)
