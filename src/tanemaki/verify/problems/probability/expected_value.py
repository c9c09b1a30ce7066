"""What a ticket of a lottery is worth on average: 期待値.

The level is the number of prizes: two, three, four; the last level asks what a ticket loses on average.

Source: 高等学校学習指導要領 数学A「期待値」.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked, decimal, show
from tanemaki.verify.problems.probability._chances import lowest

_SCENES = ("fair", "shop", "festival")
_N_TICKETS = (50, 100, 200, 250, 400, 500, 1000)
_AMOUNTS = (
    (3000, 4000, 5000, 8000, 10000),
    (1000, 1500, 2000, 2500),
    (300, 400, 500, 600, 800),
    (50, 100, 150, 200),
)
_PEOPLE = range(36)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the tickets, the prizes from the largest on, and a price above what a ticket is worth."""
    tickets = draw.choose(_N_TICKETS)
    amounts = [draw.choose(some) for some in _AMOUNTS[: level + 1]]
    counts = [draw.between(1 + 3 * place, 3 + 4 * place) for place in range(level + 1)]
    told: dict[str, Json] = {
        "form": "loss" if level == 3 else "worth",  # noqa: PLR2004 - the last level
        "scene": draw.choose(_SCENES),
        "tickets": tickets,
        "prizes": [list(one) for one in zip(amounts, counts, strict=True)],
        "people": [draw.choose(_PEOPLE)],
    }
    if level == 3:  # noqa: PLR2004 - the last level
        worth = -(-sum(amount * n for amount, n in told["prizes"]) // tickets)
        told["price"] = 50 * (worth // 50 + draw.between(1, 4))
    return told


def solve(p: Parameters, method: str) -> Worked:
    """Add prize times chance, or share all prizes among all tickets."""
    tickets, prizes = p["tickets"], p["prizes"]
    total = sum(amount * n for amount, n in prizes)
    worth = Fraction(total, tickets)
    steps = []
    if method == "definition":
        shown = []
        for amount, n in prizes:
            part = decimal(Fraction(amount * n, tickets))
            shown.append(part)
            steps.append(Step("part", f"{amount} × {lowest(n, tickets)} = {part}", {"amount": amount}))
        steps.append(Step("worth", f"{' + '.join(shown)} = {decimal(worth)}"))
    else:
        for amount, n in prizes:
            steps.append(Step("paid", f"{amount} × {n} = {amount * n}", {"amount": amount}))
        parts = " + ".join(str(amount * n) for amount, n in prizes)
        steps.append(Step("total", f"{parts} = {total}"))
        steps.append(Step("worth", f"{total} ÷ {tickets} = {decimal(worth)}"))
    if p["form"] == "loss":
        loss = p["price"] - worth
        steps.append(Step("loss", f"{p['price']} - {decimal(worth)} = {decimal(loss)}"))
        return Worked(tuple(steps), _number(loss))
    return Worked(tuple(steps), _number(worth))


def _number(value: Fraction) -> Json:
    return value.numerator if value.denominator == 1 else decimal(value)


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    parts = []
    for place, (amount, n) in enumerate(p["prizes"], 1):
        one = words["prize" if n > 1 else "one_prize"]
        parts.append(
            one.replace("<place>", str(place)).replace("<amount>", show(amount)).replace("<n>", str(n))
        )
    first, last = words["comma"].join(parts[:-1]), parts[-1]
    return {**p, "prizes": f"{first}{words['before_last']}{last}"}


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("definition", "total"), scenes=_SCENES, slots=_slots
)
