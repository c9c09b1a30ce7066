"""An amount of yen is put together from as few coins and notes as possible.

Level 1 pays for two cheap things, level 2 for three dearer ones, level 3 gives change from notes of 10,000 yen.

Source: ours; the coins and notes are those in everyday use in Japan, without the rare note of 2,000 yen.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_WORTHS = (10_000, 5_000, 1_000, 500, 100, 50, 10, 5, 1)
_FORMS = {1: "two", 2: "three", 3: "change"}
_SCENES = ("stationer", "grocer", "bookshop", "florist")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the prices, and what is handed over where change is given."""
    parameters: dict[str, Json] = {"scene": draw.choose(_SCENES), "form": _FORMS[level]}
    if level == 1:
        return {**parameters, "prices": [draw.between(180, 996), draw.between(180, 996)]}
    if level == 2:  # noqa: PLR2004 - of three
        return {**parameters, "prices": [draw.between(580, 3498) for _ in range(3)]}
    prices = [draw.between(580, 3998) for _ in range(3)]
    return {**parameters, "prices": prices, "paid": (sum(prices) // 10_000 + 1) * 10_000}


def solve(p: Parameters, method: str) -> Worked:
    """Take the largest piece as often as it goes, or look at the digits: each needs a five and ones."""
    prices = p["prices"]
    amount = sum(prices)
    steps = [Step("price", f"{' + '.join(map(str, prices))} = {amount}")]
    if "paid" in p:
        steps.append(Step("change", f"{p['paid']} - {amount} = {p['paid'] - amount}"))
        amount = p["paid"] - amount
    steps += _greedy(amount) if method == "largest_first" else _digits(amount)
    counts = [count for _, count in _pieces(amount)]
    if len(counts) > 1:
        steps.append(Step("pieces", f"{' + '.join(map(str, counts))} = {sum(counts)}"))
    return Worked(tuple(steps), sum(counts))


def _pieces(amount: int) -> list[tuple[int, int]]:
    pieces = []
    for worth in _WORTHS:
        count, amount = divmod(amount, worth)
        if count:
            pieces.append((worth, count))
    return pieces


def _greedy(amount: int) -> list[Step]:
    steps = []
    for worth, count in _pieces(amount):
        rest = amount - worth * count
        steps.append(Step("rest", f"{amount} - {worth} × {count} = {rest}", {"worth": worth, "count": count}))
        amount = rest
    return steps


def _digits(amount: int) -> list[Step]:
    """Part each digit into fives and ones; of the highest notes there are ones alone."""
    steps = []
    by_worth: dict[int, list[int]] = {}
    for worth, count in _pieces(amount):
        by_worth.setdefault(10 ** (len(str(worth)) - 1), []).extend([worth] * count)
    for place, worths in by_worth.items():
        told = {"place": Who(f"place_{place}"), "n": len(worths)}
        terms = " + ".join(map(str, worths))
        if len(worths) > 1:
            steps.append(Step("place", f"{sum(worths)} = {terms}", told))
        else:
            steps.append(Step("one_piece", slots={"worth": worths[0]}))
    return steps


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Give the prices one by one, or as a list of three."""
    told: dict[str, object] = dict(zip(("x", "y", "z"), p["prices"], strict=False))
    if "paid" in p:
        told["paid"] = p["paid"]
    return {**told, "kinds": words["kinds"]}


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("largest_first", "digit_by_digit"),
    scenes=_SCENES,
    slots=slots,
)
