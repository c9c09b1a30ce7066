"""Cost, list price, discount and profit: 損益算.

Level 1 takes a discount off a price, or goes back to the price before it; level 2 marks up and discounts; level 3 finds
the cost from the profit, or the profit of a whole lot of which a part is sold cheaper.

Source: 小学校学習指導要領 (2017), 算数, 第5学年, 割合 (percent of a base, and the base from a part).
"""

from __future__ import annotations

from math import gcd, lcm

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_SCENES = ("shirt", "bag", "shoes", "clock", "hat", "umbrella", "lamp", "cushion")
_PAIRS = tuple(
    (markup, off)
    for markup in range(20, 90, 10)
    for off in range(5, 45, 5)
    if (100 + markup) * (100 - off) > 10_000  # noqa: PLR2004 - who sells cheaper than that makes a loss
)
_FORMS = {1: ("sale", "list"), 2: ("profit",), 3: ("cost", "lot")}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw percentages, then prices that they divide."""
    form = draw.choose(_FORMS[level])
    found: dict[str, Json] = {"scene": draw.choose(_SCENES), "form": form}
    if level == 1:
        found["off"] = off = 5 * draw.between(1, 14)
        listed = _multiple(draw, lcm(10, 100 // gcd(off, 100)), 900, 9800)
        found |= {"listed": listed} if form == "sale" else {"price": listed * (100 - off) // 100}
        return found
    markup, off = draw.choose(_PAIRS)
    left = (100 + markup) * (100 - off)
    cost = _multiple(draw, lcm(10, 10_000 // gcd(left, 10_000)), 600, 9600)
    found |= {"markup": markup, "off": off}
    if form == "cost":
        return found | {"profit": cost * left // 10_000 - cost}
    if form == "lot":
        number = 10 * draw.between(2, 12)
        found |= {"number": number, "at_list": draw.between(number // 3, number * 3 // 4)}
    return found | {"cost": cost}


def _multiple(draw: Draw, step: int, low: int, high: int) -> int:
    return step * draw.between(-(-low // step), high // step)


def solve(p: Parameters, method: str) -> Worked:
    """Work out each amount, or multiply by rates."""
    by_rates = method == "rates"
    form = p["form"]
    if form == "sale":
        price = p["listed"] * (100 - p["off"]) // 100
        return Worked((*_cheaper(p["listed"], p["off"], by_rates=by_rates),), price)
    if form == "list":
        return _list(p, by_rates=by_rates)
    if form == "cost":
        return _cost(p, by_rates=by_rates)
    cost = p["cost"]
    listed = cost * (100 + p["markup"]) // 100
    price = listed * (100 - p["off"]) // 100
    steps = _dearer(cost, p["markup"], by_rates=by_rates) + _cheaper(listed, p["off"], by_rates=by_rates)
    if form == "profit":
        return Worked((*steps, Step("profit", f"{price} - {cost} = {price - cost}")), price - cost)
    many, few = p["at_list"], p["number"] - p["at_list"]
    sold = listed * many + price * few
    spent = cost * p["number"]
    steps += [
        Step("sold_at_list", f"{listed} × {many} = {listed * many}"),
        Step("rest", f"{p['number']} - {many} = {few}"),
        Step("sold_cheaper", f"{price} × {few} = {price * few}"),
        Step("sold", f"{listed * many} + {price * few} = {sold}"),
        Step("spent", f"{cost} × {p['number']} = {spent}"),
        Step("profit", f"{sold} - {spent} = {sold - spent}"),
    ]
    return Worked(tuple(steps), sold - spent)


def _dearer(cost: int, markup: int, *, by_rates: bool) -> list[Step]:
    more = cost * markup // 100
    if by_rates:
        rate = _rate(100 + markup)
        return [
            Step("listed_rate", f"1 + {_rate(markup)} = {rate}"),
            Step("listed", f"{cost} × {rate} = {cost + more}"),
        ]
    return [
        Step("more", f"{cost} × {_rate(markup)} = {more}"),
        Step("listed", f"{cost} + {more} = {cost + more}"),
    ]


def _cheaper(listed: int, off: int, *, by_rates: bool) -> list[Step]:
    less = listed * off // 100
    if by_rates:
        rate = _rate(100 - off)
        return [
            Step("left_rate", f"1 - {_rate(off)} = {rate}"),
            Step("price", f"{listed} × {rate} = {listed - less}"),
        ]
    return [
        Step("less", f"{listed} × {_rate(off)} = {less}"),
        Step("price", f"{listed} - {less} = {listed - less}"),
    ]


def _list(p: Parameters, *, by_rates: bool) -> Worked:
    left, price = 100 - p["off"], p["price"]
    listed = price * 100 // left
    if by_rates:
        rate = _rate(left)
        steps = [
            Step("left_rate", f"1 - {_rate(p['off'])} = {rate}"),
            Step("listed", f"{price} ÷ {rate} = {listed}"),
        ]
    else:
        steps = [
            Step("sale_of_hundred", f"100 - {p['off']} = {left}"),
            Step("times", f"{price} ÷ {left} = {_rate(listed)}"),
            Step("listed", f"100 × {_rate(listed)} = {listed}"),
        ]
    return Worked(tuple(steps), listed)


def _cost(p: Parameters, *, by_rates: bool) -> Worked:
    markup, off, profit = p["markup"], p["off"], p["profit"]
    left = (100 + markup) * (100 - off)
    cost = profit * 10_000 // (left - 10_000)
    listed, less = 100 + markup, _rate((100 + markup) * off)
    price, gain = _rate(left), _rate(left - 10_000)
    if by_rates:
        price, gain = _rate(left, 4), _rate(left - 10_000, 4)
        steps = [
            Step("listed_rate", f"1 + {_rate(markup)} = {_rate(listed)}"),
            Step("left_rate", f"1 - {_rate(off)} = {_rate(100 - off)}"),
            Step("price_rate", f"{_rate(listed)} × {_rate(100 - off)} = {price}"),
            Step("profit_rate", f"{price} - 1 = {gain}"),
            Step("cost", f"{profit} ÷ {gain} = {cost}"),
        ]
    else:
        steps = [
            Step("listed_of_hundred", f"100 + {markup} = {listed}"),
            Step("less_of_hundred", f"{listed} × {_rate(off)} = {less}"),
            Step("price_of_hundred", f"{listed} - {less} = {price}"),
            Step("profit_of_hundred", f"{price} - 100 = {gain}"),
            Step("times", f"{profit} ÷ {gain} = {_rate(cost)}"),
            Step("cost", f"100 × {_rate(cost)} = {cost}"),
        ]
    return Worked(tuple(steps), cost)


def _rate(amount: int, places: int = 2) -> str:
    """Return an amount over a hundred (or another power of ten) as a decimal."""
    whole, part = divmod(amount, 10**places)
    return f"{whole}.{part:0{places}d}".rstrip("0").rstrip(".")


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("amounts", "rates"), scenes=_SCENES)
