"""Quadratic equations: 二次方程式, by factoring, by completing the square and by the formula.

Level 1 has x² alone, level 2 a number to divide by first, level 3 a leading coefficient that stays.

Source: 中学校学習指導要領 数学 第3学年 A(3) 二次方程式; completing the square is al-Khwarizmi's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.algebra._terms import in_brackets, terms
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked, show

_LEADING = 3
_ROOTS = tuple(
    (Fraction(n, d), Fraction(m, e))
    for d, e in ((2, 1), (3, 1), (2, 2), (4, 1), (5, 1), (3, 2))
    for n in range(-9, 10)
    for m in range(-9, 10)
    if n and m and math.gcd(n, d) == math.gcd(m, e) == 1 and abs(n * e) != abs(m * d)
)
"""Two roots of different size, one of them no whole number at least."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the roots, and what stands on the right side. A side is [coefficient of x², of x, constant]."""
    if level == _LEADING:
        one, other = draw.choose(_ROOTS)
    else:
        one = Fraction(draw.choose([n for n in range(-15, 16) if n]))
        other = Fraction(draw.choose([n for n in range(-12, 13) if n and abs(n) != abs(one)]))
    d, e = one.denominator, other.denominator
    times = draw.between(2, 6) if level > 1 and d * e == 1 else 1
    a, b, c = (
        times * n
        for n in (d * e, -(d * other.numerator + e * one.numerator), one.numerator * other.numerator)
    )
    shape = draw.below(12)  # one in twelve has nought on the right, one a number alone
    r = draw.between(-9, 9) if shape > 1 else 0
    s = draw.between(-20, 20) if shape else 0
    return {"left": [a, b + r, c + s], "right": [0, r, s]}


def _written(side: Sequence[int | Fraction]) -> str:
    return terms(*zip(side, ("x²", "x", ""), strict=True))


def slots(p: Parameters, _: Words) -> dict[str, object]:
    """Return the equation."""
    return {"equation": f"{_written(p['left'])} = {_written(p['right'])}"}


def solve(p: Parameters, method: str) -> Worked:
    """Bring everything to one side, divide by what all share, then find both roots."""
    a, b, c = (one - other for one, other in zip(p["left"], p["right"], strict=True))
    root = math.isqrt(b * b - 4 * a * c)
    low, high = sorted((Fraction(-b - root, 2 * a), Fraction(-b + root, 2 * a)))
    steps = []
    if any(p["right"]):
        steps.append(Step("to_one_side", f"{_written((a, b, c))} = 0", where={"x": low}))
    shared = math.gcd(a, b, c)
    if shared > 1:
        a, b, c = a // shared, b // shared, c // shared
        steps.append(Step("divided", f"{_written((a, b, c))} = 0", {"m": shared}, {"x": low}))
    steps += _METHODS[method](a, b, c, low, high)
    return Worked(tuple(steps), [int(x) if x.denominator == 1 else show(x) for x in (low, high)])


def _root(key: str, told: str, x: Fraction) -> Step:
    return Step(key, f"x = {told}" if told == show(x) else f"x = {told} = {x}", where={"x": x})


def _factor(x: Fraction) -> str:
    return terms((x.denominator, "x"), (-x.numerator, ""))


def _by_factoring(a: int, b: int, c: int, low: Fraction, high: Fraction) -> list[Step]:
    d, e = low.denominator, high.denominator
    m, n = -e * low.numerator, -d * high.numerator
    told = {"m": m, "n": n, "b": b, "c": a * c}
    steps = [
        Step("product", f"{in_brackets(m)} × {in_brackets(n)} = {a * c}", told),
        Step("sum", f"{in_brackets(m)} + {in_brackets(n)} = {b}", told),
    ]
    where = {"x": low}
    if a > 1:
        steps.append(Step("split", f"{terms((a, 'x²'), (n, 'x'), (m, 'x'), (c, ''))} = 0", told, where))
        outer = terms((d, "x"))
        rest = -low.numerator
        sign = "-" if rest < 0 else "+"
        size = "" if abs(rest) == 1 else str(abs(rest))
        steps.append(
            Step("grouped", f"{outer}({_factor(high)}) {sign} {size}({_factor(high)}) = 0", where=where)
        )
    steps.append(Step("factored", f"({_factor(low)})({_factor(high)}) = 0", where=where))
    for key, x in (("first_root", low), ("second_root", high)):
        told_root = f"{in_brackets(x.numerator)} ÷ {x.denominator}" if x.denominator > 1 else show(x)
        steps.append(Step(key, f"x = {told_root}" + (f" = {x}" if x.denominator > 1 else ""), where={"x": x}))
    return steps


def _by_formula(a: int, b: int, c: int, low: Fraction, high: Fraction) -> list[Step]:
    inside = b * b - 4 * a * c
    root = math.isqrt(inside)
    told = f"{in_brackets(b)}² - 4 × {a} × {in_brackets(c)} = {inside}"
    return [
        Step("inside", told),
        Step("its_root", f"√{inside} = {root}"),
        _root("first_root", f"({-b} - {root}) ÷ {2 * a}", low),
        _root("second_root", f"({-b} + {root}) ÷ {2 * a}", high),
    ]


def _by_square(a: int, b: int, c: int, low: Fraction, high: Fraction) -> list[Step]:
    half, constant = Fraction(b, 2 * a), Fraction(-c, a)
    size = high + half
    where = {"x": low}
    steps = []
    if a > 1:
        steps.append(Step("leading_one", f"{_written((1, 2 * half, -constant))} = 0", {"m": a}, where))
    steps.append(Step("constant_right", f"{_written((1, 2 * half, 0))} = {constant}", where=where))
    added = half * half
    both = f"{_written((1, 2 * half, added))} = {constant} + {added}"
    steps.append(Step("square_added", both, {"added": added}, where))
    inner = f"x {'-' if half < 0 else '+'} {abs(half)}"
    steps.append(Step("square", f"({inner})² = {constant + added}", where=where))
    steps += [
        Step("minus_root", f"{inner} = {-size}", where=where),
        Step("plus_root", f"{inner} = {size}", where={"x": high}),
        _root("first_root", f"{-size} {'+' if half < 0 else '-'} {abs(half)}", low),
        _root("second_root", f"{size} {'+' if half < 0 else '-'} {abs(half)}", high),
    ]
    return steps


_METHODS: dict[str, Callable[[int, int, int, Fraction, Fraction], list[Step]]] = {
    "factoring": _by_factoring,
    "formula": _by_formula,
    "completing_square": _by_square,
}
FAMILY = Family(kind="set", draw=draw, solve=solve, methods=tuple(_METHODS), slots=slots)
