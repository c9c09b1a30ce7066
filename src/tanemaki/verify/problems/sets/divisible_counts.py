"""How many whole numbers are divisible by one of two numbers, or by neither: 倍数の個数.

Level 1 counts up to a number those divisible by one or the other, level 2 those divisible by neither, level 3 the latter
from one number to another.

Source: 高等学校学習指導要領 数学A「場合の数と確率」 (the number of elements of a set: multiples).
"""

from __future__ import annotations

from math import gcd

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_PAIRS = tuple((one, two) for one in range(2, 16) for two in range(one + 1, 21) if two % one)
"""Neither divides the other: there would be nothing to take away."""
_LARGEST = 2000


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw two divisors and a range that holds several of their common multiples."""
    first, second = draw.choose(_PAIRS)
    common = first * second // gcd(first, second)
    high = draw.between(4 * common, _LARGEST)
    told = {"first": first, "second": second, "high": high}
    if level == 3:  # noqa: PLR2004 - the last level
        told["low"] = draw.between(common + 1, high - 2 * common)
    return {**told, "form": ("either", "neither", "neither_between")[level - 1]}


def solve(p: Parameters, method: str) -> Worked:
    """Add both and take the common multiples away, or add the three parts."""
    first, second, high, low = p["first"], p["second"], p["high"], p.get("low", 1)
    common = first * second // gcd(first, second)
    steps, counts = [], []
    for divisor in (first, second, common):
        if divisor == common:
            shared = gcd(first, second)
            product = f"{first} × {second}" + (f" ÷ {shared}" if shared > 1 else "")
            steps.append(Step("common", f"{product} = {common}"))
        step, count = _multiples(divisor, low, high)
        steps.append(step)
        counts.append(count)
    one, two, both = counts
    either = one + two - both
    if method == "inclusion_exclusion":
        steps.append(Step("either", f"{one} + {two} - {both} = {either}"))
    else:
        only = {"divisor": first, "other": second}, {"divisor": second, "other": first}
        steps += (
            Step("only", f"{one} - {both} = {one - both}", only[0]),
            Step("only", f"{two} - {both} = {two - both}", only[1]),
            Step("either", f"{one - both} + {two - both} + {both} = {either}"),
        )
    if p["form"] == "either":
        return Worked(tuple(steps), either)
    n = high - low + 1
    if low > 1:
        steps.append(Step("all", f"{high} - {low} + 1 = {n}"))
    steps.append(Step("neither", f"{n} - {either} = {n - either}"))
    return Worked(tuple(steps), n - either)


def _multiples(divisor: int, low: int, high: int) -> tuple[Step, int]:
    last, before = high - high % divisor, (low - 1) - (low - 1) % divisor
    slots = {"divisor": divisor, "last": last, "before": before}
    if low == 1:
        return Step("multiples", f"{last} ÷ {divisor} = {last // divisor}", slots), last // divisor
    upper, lower = last // divisor, before // divisor
    equation = f"{last} ÷ {divisor} - {before} ÷ {divisor} = {upper} - {lower} = {upper - lower}"
    return Step("multiples_between", equation, slots), upper - lower


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("inclusion_exclusion", "parts"))
