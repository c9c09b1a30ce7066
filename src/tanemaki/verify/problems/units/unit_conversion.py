"""A quantity in another unit: length, weight, volume, area, time and speed.

Level n takes n steps from unit to unit: km to m, km to cm, km to mm; a speed takes two or three.

Source: 小学校学習指導要領 算数 第3学年から第5学年 (長さ・重さ・面積・体積の単位とその関係, 速さ).
"""

from __future__ import annotations

from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked, decimal

_CHAINS = {
    "length": (("km", "m", "cm", "mm"), (1000, 100, 10)),
    "weight": (("t", "kg", "g", "mg"), (1000, 1000, 1000)),
    "volume": (("m3", "L", "dL", "mL"), (1000, 10, 100)),
    "area": (("km2", "ha", "a", "m2"), (100, 100, 100)),
    "time": (("day", "hour", "minute", "second"), (24, 60, 60)),
    "speed": (("kmh", "mh", "mmin", "ms"), (1000, -60, -60)),
}
"""Units, and how many of the next one make one; for speeds -60 says that the next one is a sixtieth of the number."""
_METRIC = ("length", "weight", "volume", "area") * 2
_KINDS = {1: (*_METRIC, "time"), 2: (*_METRIC, "time", "speed"), 3: (*_METRIC, "time", "speed")}
_HOPS_OF_SPEED = 2


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the larger unit's number, and in which direction it is told."""
    kind = draw.choose(_KINDS[level])
    first = 0 if kind == "speed" else draw.between(0, 3 - level)
    last = first + level
    if kind == "speed":
        quantity = (
            Fraction(draw.between(20, 1999) * 3, 50)
            if level == _HOPS_OF_SPEED
            else Fraction(draw.between(10, 900) * 9, 25)
        )
    elif kind == "time":
        twentieths = draw.between(5, 1999)
        quantity = Fraction(twentieths + (twentieths >= 20), 20)  # noqa: PLR2004 - never 1: no singular
    else:
        quantity = Fraction(draw.between(3, 9999), 10 ** draw.between(level, 3))
    if draw.below(2):
        for place in range(first, last):
            quantity = _next(quantity, _CHAINS[kind][1][place])
        first, last = last, first
    units = _CHAINS[kind][0]
    return {"kind": kind, "quantity": decimal(quantity), "given": units[first], "target": units[last]}


def _next(quantity: Fraction, factor: int) -> Fraction:
    return quantity * factor if factor > 0 else quantity / -factor


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Return the number with what is written before and behind it in either unit."""
    return {
        "quantity": p["quantity"],
        **{
            f"{which}_{side}": words[f"{side}_{p[which]}"]
            for which in ("given", "target")
            for side in ("before", "after")
        },
    }


def solve(p: Parameters, method: str) -> Worked:
    """Go from unit to unit, or find the factor first."""
    units, factors = _CHAINS[p["kind"]]
    at, end = units.index(p["given"]), units.index(p["target"])
    down = at < end
    hops = range(at, end) if down else range(at - 1, end - 1, -1)
    steps: list[Step] = []
    quantity = Fraction(p["quantity"])
    before = p["quantity"]
    product = []
    for place in hops:
        factor = factors[place] if down else -factors[place]
        after = units[place + 1 if down else place]
        quantity = _next(quantity, factor)
        shown = decimal(quantity)
        sign = "×" if factor > 0 else "÷"
        steps.append(_fact(p["kind"], place, factors, sign))
        product.append((sign, abs(factor)))
        if method == "unit_by_unit":
            steps.append(
                Step("converted", f"{before} {sign} {abs(factor)} = {shown}", {"unit": Who(f"name_{after}")})
            )
        before = shown
    answer: Json = quantity.numerator if quantity.denominator == 1 else before
    if method != "unit_by_unit":
        steps += _at_once(p, product, before)
    return Worked(tuple(steps), answer)


def _fact(kind: str, place: int, factors: tuple[int, ...], sign: str) -> Step:
    if kind != "speed" or place == 0:
        units = _CHAINS["length" if kind == "speed" else kind][0]
        told = {
            "one": Who(f"one_{units[place]}"),
            "many": factors[place],
            "unit": Who(f"after_{units[place + 1]}"),
        }
        return Step("fact", slots=told)
    slow, fast = ("per_hour", "per_minute") if place == 1 else ("per_minute", "per_second")
    long, short = ("one_hour", "after_minute") if place == 1 else ("one_minute", "after_second")
    told = {"one": Who(long), "unit": Who(short), "slow": Who(slow), "fast": Who(fast)}
    return Step("to_shorter_time" if sign == "÷" else "to_longer_time", slots=told)


def _at_once(p: Parameters, product: list[tuple[str, int]], answer: str) -> list[Step]:
    """Multiply the factors first; divide by the whole where that is the number that ends."""
    factor = Fraction(1)
    for sign, part in product:
        factor = factor * part if sign == "×" else factor / part
    is_divided = factor.denominator % 3 == 0 or (factor < 1 and p["kind"] != "speed")
    if is_divided:
        factor = 1 / factor
        product = [("÷" if sign == "×" else "×", part) for sign, part in product]
    first, *rest = sorted(product, key=lambda one: one[0] == "÷")
    size = decimal(factor)
    steps = []
    if rest:
        told = str(first[1]) + "".join(f" {sign} {part}" for sign, part in rest)
        steps.append(Step("divisor" if is_divided else "factor", f"{told} = {size}"))
    equation = f"{p['quantity']} {'÷' if is_divided else '×'} {size} = {answer}"
    return [*steps, Step("converted", equation, {"unit": Who(f"name_{p['target']}")})]


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("unit_by_unit", "whole_factor"), slots=slots)
