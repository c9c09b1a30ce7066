"""The last digit of large powers, and their remainders: 累乗の一の位.

Level 1 asks for the last digit of one power, level 2 of the sum of two, level 3 for the remainder of such a sum.

Source: ours; cycles of remainders are taught in 高等学校 数学A (整数の性質), repeated squaring by Knuth, TAOCP 2, 4.6.3.
"""

from __future__ import annotations

import math
from functools import cache

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_FORMS = {1: "one", 2: "two", 3: "rest"}
_DIVISORS = (7, 9, 11, 13)
_TEN = 10


@cache
def _cycle(rest: int, divisor: int) -> tuple[int, ...]:
    """Return the remainders of the powers until the first one comes again; empty where it never does."""
    row, now = [rest], rest * rest % divisor
    while now != rest and len(row) <= divisor:
        row.append(now)
        now = now * rest % divisor
    return tuple(row) if now == rest else ()


@cache
def _bases(divisor: int) -> tuple[int, ...]:
    """Return the bases of which the remainders run through a cycle that is short enough to write."""
    lengths = range(2 if divisor == _TEN else 3, 7)
    return tuple(n for n in range(2, 100) if n % divisor and len(_cycle(n % divisor, divisor)) in lengths)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw bases of which the remainders run in a short cycle, and exponents that nobody multiplies out."""
    form = _FORMS[level]
    divisor = draw.choose(_DIVISORS) if form == "rest" else _TEN
    first = draw.choose(_bases(divisor))
    parameters: dict[str, Json] = {"form": form, "first": first, "first_power": draw.between(21, 999)}
    if form != "one":
        second = draw.choose([base for base in _bases(divisor) if base % divisor != first % divisor])
        parameters |= {"second": second, "second_power": draw.between(21, 999)}
    if form == "rest":
        parameters["divisor"] = divisor
    return parameters


def solve(p: Parameters, method: str) -> Worked:
    """Find the cycle of remainders, or square again and again."""
    divisor = p.get("divisor", _TEN)
    steps = [Step("digit_is_rest")] if divisor == _TEN else []
    find = _by_cycle if method == "cycle" else _by_squaring
    more, rest = find(p["first"], p["first_power"], divisor)
    steps += more
    if p["form"] == "one":
        return Worked(tuple(steps), rest)
    more, other = find(p["second"], p["second_power"], divisor)
    steps += more
    answer = (rest + other) % divisor
    carried = f" = {divisor} × 1 + {answer}" if rest + other >= divisor else ""
    steps.append(Step("sum", f"{rest} + {other} = {rest + other}{carried}", {"d": divisor}))
    return Worked(tuple(steps), answer)


def _divided(n: int, divisor: int) -> str:
    return f"{n} = {divisor} × {n // divisor} + {n % divisor}" if n >= divisor else str(n)


def _of_the_base(base: int, divisor: int) -> list[Step]:
    return [Step("base", _divided(base, divisor), {"n": base, "d": divisor})] if base >= divisor else []


def _by_cycle(base: int, power: int, divisor: int) -> tuple[list[Step], int]:
    row = _cycle(base % divisor, divisor)
    steps = _of_the_base(base, divisor)
    for k, rest in enumerate(row, 2):
        equation = f"{rest} × {row[0]} = {_divided(rest * row[0], divisor)}"
        steps.append(Step("power", equation, {"n": base, "k": k, "d": divisor}))
    length, place = len(row), power % len(row)
    steps.append(
        Step("cycle", slots={"n": base, "row": ", ".join(map(str, row)), "length": length, "d": divisor})
    )
    left = f" + {place}" if place else ""
    steps.append(
        Step("where", f"{power} = {length} × {power // length}{left}", {"power": power, "length": length})
    )
    found = row[place - 1]
    told = {"n": base, "power": power, "place": place, "rest": found, "d": divisor}
    steps.append(Step("in_cycle" if place else "end_of_cycle", slots=told))
    return steps, found


def _by_squaring(base: int, power: int, divisor: int) -> tuple[list[Step], int]:
    exponents = [power >> k for k in range(power.bit_length() - 1, -1, -1)]
    steps = [Step("exponents", slots={"n": base, "row": ", ".join(map(str, exponents))})]
    steps += _of_the_base(base, divisor)
    first = now = base % divisor
    for exponent in exponents[1:]:
        factors = [now, now, first] if exponent % 2 else [now, now]
        value = math.prod(factors)
        equation = f"{' × '.join(map(str, factors))} = {_divided(value, divisor)}"
        steps.append(Step("power", equation, {"n": base, "k": exponent, "d": divisor}))
        now = value % divisor
    return steps, now


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("cycle", "squaring"))
