"""What grows while it is used up: ニュートン算.

Level 1 knows how fast a queue grows and how fast gates empty it, level 2 finds a gate's speed first, level 3 knows neither
growth nor beginning of a meadow or a well.

Source: Isaac Newton, Arithmetica Universalis (1707), the problem of the oxen in the meadow.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import product
from math import gcd

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_NAMES = ("few", "many", "asked")
_DAYS = (3, 60)
_LONGEST_UNIT = 40
_WORDS = ("unit", "use", "grow", "thing", "one_use", "per", "span")
_FORMS = {1: ("gates",), 2: ("queue",), 3: ("meadow", "well")}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw rates first, so that all times come out even."""
    form = draw.choose(_FORMS[level])
    if level == 1:
        gates, each = draw.between(2, 6), draw.between(6, 25)
        arriving = draw.between(max(3, gates * each // 4), gates * each - 2)
        minutes = draw.between(6, 45)
        waiting = (gates * each - arriving) * minutes
        return {"form": form, "gates": gates, "each": each, "arriving": arriving, "waiting": waiting}
    if level == 2:  # noqa: PLR2004 - levels are 1 to 3
        each, gates, more, arriving, unit = draw.choose(_queues())
        minutes = unit * draw.between(-(-8 // unit), 120 // unit)
        waiting = (gates * each - arriving) * minutes
        found = {"form": form, "gates": gates, "more_gates": more, "arriving": arriving}
        return found | {"minutes": minutes, "waiting": waiting}
    stock, eaters = draw.choose(_stocks())
    first, second, third = draw.sample(eaters, 3)
    first, second = sorted((first, second))
    growth = draw.between(2, 20)
    return {
        "form": form,
        "few": first + growth,
        "few_time": stock // first,
        "many": second + growth,
        "many_time": stock // second,
        "asked": third + growth,
    }


@cache
def _stocks() -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Return how much there is at first, and by how much more than the growth it may shrink a day to end on a whole day."""
    eaters = ((stock, tuple(by for by in range(2, 41) if stock % by == 0)) for stock in range(36, 901, 3))
    found = ((stock, tuple(by for by in may if _DAYS[0] <= stock // by <= _DAYS[1])) for stock, may in eaters)
    return tuple((stock, may) for stock, may in found if len(may) >= len(_NAMES))


@cache
def _queues() -> tuple[tuple[int, int, int, int, int], ...]:
    """Return people a gate lets in, gates, gates then, people who come, and the unit of the time with fewer gates."""
    found = []
    for each, gates, extra in product(range(4, 41), range(1, 4), range(1, 4)):
        for arriving in range(3, min(100, gates * each - 1)):
            few, many = gates * each - arriving, (gates + extra) * each - arriving
            found.append((each, gates, gates + extra, arriving, many // gcd(few, many)))
    return tuple(queue for queue in found if queue[-1] <= _LONGEST_UNIT)


def solve(p: Parameters, method: str) -> Worked:
    """Split what is used up into what was there and what came, or write equations."""
    by_equation = method == "equation"
    if p["form"] == "gates":
        return _empty(p, p["each"], p["gates"], "x", by_equation=by_equation)
    return _queue(p, by_equation=by_equation) if p["form"] == "queue" else _stock(p, by_equation=by_equation)


def _empty(p: Parameters, each: int, gates: int, letter: str, *, by_equation: bool) -> Worked:
    """Solve for the time until so many gates have emptied the queue."""
    arriving, waiting, through = p["arriving"], p["waiting"], each * gates
    net = through - arriving
    minutes = waiting // net
    if by_equation:
        where = {letter: minutes}
        both = f"{waiting} + {arriving}{letter} = {each} × {gates} × {letter} = {through}{letter}"
        gathered = f"{through}{letter} - {arriving}{letter} = {net}{letter} = {waiting}"
        steps = (
            Step("minutes_are", slots={"letter": letter}),
            Step("equation", both, where=where),
            Step("gathered", gathered, where=where),
            Step("minutes", f"{letter} = {waiting} ÷ {net} = {minutes}", where=where),
        )
        return Worked(steps, minutes)
    found = (
        Step("through", f"{each} × {gates} = {through}"),
        Step("shrinks", f"{through} - {arriving} = {net}"),
        Step("minutes", f"{waiting} ÷ {net} = {minutes}"),
    )
    return Worked(found, minutes)


def _queue(p: Parameters, *, by_equation: bool) -> Worked:
    """Find what a gate lets in, and with it the time with more gates."""
    gates, arriving, waiting, minutes = p["gates"], p["arriving"], p["waiting"], p["minutes"]
    came = arriving * minutes
    each = (waiting + came) // (minutes * gates)
    if by_equation:
        all_gates = f"{gates} × {minutes}x = {gates * minutes}x" if gates > 1 else f"{minutes}x"
        steps = (
            Step("each_is_x"),
            Step("few_gates", f"{waiting} + {arriving} × {minutes} = {all_gates}", where={"x": each}),
            Step("each", f"x = {waiting + came} ÷ {gates * minutes} = {each}", where={"x": each}),
        )
    else:
        by_gates = f" ÷ {gates}" if gates > 1 else ""
        steps = (
            Step("came", f"{arriving} × {minutes} = {came}"),
            Step("all_people", f"{waiting} + {came} = {waiting + came}"),
            Step("each", f"{waiting + came} ÷ {minutes}{by_gates} = {each}"),
        )
    rest = _empty(p, each, p["more_gates"], "y", by_equation=by_equation)
    return Worked(steps + rest.steps, rest.answer)


def _stock(p: Parameters, *, by_equation: bool) -> Worked:
    few, few_time, many, many_time, asked = p["few"], p["few_time"], p["many"], p["many_time"], p["asked"]
    by_few, by_many = few * few_time, many * many_time
    longer = few_time - many_time
    growth = (by_few - by_many) // longer
    stock = by_few - growth * few_time
    found = stock // (asked - growth)
    steps = [Step("one_is_unit")]
    if by_equation:
        where = {"x": growth, "y": stock}
        steps += [
            Step("unknowns"),
            Step("few_equation", f"y + {few_time}x = {few} × {few_time} = {by_few}", where=where),
            Step("many_equation", f"y + {many_time}x = {many} × {many_time} = {by_many}", where=where),
            Step(
                "without_y",
                f"({few_time} - {many_time})x = {by_few} - {by_many} = {by_few - by_many}",
                where=where,
            ),
            Step("growth", f"x = {by_few - by_many} ÷ {longer} = {growth}", where=where),
            Step("stock", f"y = {by_few} - {growth} × {few_time} = {stock}", where=where),
        ]
    else:
        steps += [
            Step("by_few", f"{few} × {few_time} = {by_few}"),
            Step("by_many", f"{many} × {many_time} = {by_many}"),
            Step("grown_longer", f"{by_few} - {by_many} = {by_few - by_many}"),
            Step("growth", f"{by_few - by_many} ÷ ({few_time} - {many_time}) = {growth}"),
            Step("stock", f"{by_few} - {growth} × {few_time} = {stock}"),
        ]
    steps.append(Step("net", f"{asked} - {growth} = {asked - growth}"))
    steps.append(Step("time", f"{stock} ÷ {asked - growth} = {found}"))
    return Worked(tuple(steps), found)


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Give the sentences of a solution the words for a meadow or a well."""
    form = p["form"]
    if "asked" not in p:
        return p
    some = words[f"{form}_some"]
    named = {f"{name}_name": some.format(p[name]) for name in _NAMES}
    kept = {key: words[f"{form}_{key}"] for key in _WORDS}
    return {**p, **named, **kept, "one_name": words[f"{form}_one"]}


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("there_and_come", "equation"),
    slots=_slots,
    known=(*_WORDS, "one_name", *(f"{name}_name" for name in _NAMES)),
)
