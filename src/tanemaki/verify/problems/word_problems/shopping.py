"""Several kinds of goods, and the change from what is paid: 買い物.

Level 1 buys two kinds, level 2 three, level 3 three with a discount for every full set of the first kind.

Source: 小学校学習指導要領 (2017), 算数, 第4学年, 数量の関係を表す式 (expressions with brackets).
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_PRICES = {
    "stationery": ((12, 24), (22, 44), (10, 26)),
    "fruit": ((20, 40), (6, 13), (30, 56)),
    "bakery": ((24, 38), (30, 48), (22, 32)),
    "flowers": ((30, 50), (40, 80), (24, 44)),
    "sweets": ((30, 44), (12, 24), (18, 32)),
}
"""Least and highest price of each kind, in units of five yen."""
_NOTES = (500, 1000, 2000, 3000, 5000, 10000, 20000)
_KINDS = ("first", "second", "third")
_FORMS = ("two", "three", "offer")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw prices and numbers; what is paid is the least handy sum that is enough."""
    scene = draw.choose(tuple(_PRICES))
    found: dict[str, Json] = {
        "scene": scene,
        "form": _FORMS[level - 1],
        "people": draw.sample(range(36), 1),
    }
    total = 0
    for kind, prices in zip(_KINDS[: level + 1], _PRICES[scene], strict=False):
        found[f"{kind}_price"] = price = 5 * draw.between(*prices)
        found[f"{kind}_number"] = number = draw.between(2, 9)
        total += price * number
    if level == len(_FORMS):
        found["set_size"] = size = draw.between(3, 5)
        sets, rest = draw.between(2, 4), draw.between(0, size - 1)
        found["off"] = 10 * draw.between(1, max(1, found["first_price"] * size // 50))
        total += found["first_price"] * (sets * size + rest - found["first_number"])
        found["first_number"] = sets * size + rest
        total -= sets * found["off"]
    found["paid"] = next(note for note in _NOTES if note > total)
    return found


def solve(p: Parameters, method: str) -> Worked:
    """Add up what each kind costs, or write all in one expression."""
    kinds = [(kind, p[f"{kind}_price"], p[f"{kind}_number"]) for kind in _KINDS if f"{kind}_price" in p]
    costs = [str(price * number) for _, price, number in kinds]
    total = sum(price * number for _, price, number in kinds)
    paid, sets, less, off = p["paid"], [], "", 0
    if p["form"] == "offer":
        size, number = p["set_size"], p["first_number"]
        n_sets, rest = divmod(number, size)
        off = n_sets * p["off"]
        less = f" - {off}"
        sets = [
            Step(
                "sets", f"{number} = {size} × {n_sets} + {rest}" if rest else f"{number} ÷ {size} = {n_sets}"
            ),
            Step("off", f"{p['off']} × {n_sets} = {off}"),
        ]
    change = paid - total + off
    if method == "one_expression":
        whole = " + ".join(f"{price} × {number}" for _, price, number in kinds)
        equation = f"{paid} - ({whole}{less}) = {paid} - ({' + '.join(costs)}{less}) = {paid} - {total - off} = {change}"
        return Worked((*sets, Step("change", equation)), change)
    steps = [Step(kind, f"{price} × {number} = {price * number}") for kind, price, number in kinds]
    steps += sets
    steps.append(Step("total", f"{' + '.join(costs)}{less} = {total - off}"))
    steps.append(Step("change", f"{paid} - {total - off} = {change}"))
    return Worked(tuple(steps), change)


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("add_up", "one_expression"),
    scenes=tuple(_PRICES),
)
