"""Equations with one unknown: 一次方程式.

Level 1 has x on one side, level 2 on both (some told in words), level 3 has brackets, level 4 fractions.

Source: 中学校学習指導要領 数学 第1学年 A(3) 一元一次方程式; the two methods are al-Khwarizmi's al-jabr and the balance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.algebra._terms import terms
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked, show

_BRACKETS, _FRACTIONS = 3, 4
_DENOMINATORS = tuple(
    (p, q, a, c)
    for p in range(2, 7)
    for q in range(2, 7)
    for a in range(1, 8)
    for c in range(1, 8)
    if p != q
    and math.gcd(a, p) == math.gcd(c, q) == 1
    and abs(a * math.lcm(p, q) // p - c * math.lcm(p, q) // q) > 1
)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw both sides so that x is whole, mostly. A side's parts are [factor, coefficient of x, constant, divisor]."""
    x = draw.choose([n for n in range(-15, 21) if n])
    if level == 1:
        a, b = draw.choose((-7, -6, -5, -4, -3, -2, *range(2, 13))), _not_nought(draw, 60)
        return {"form": "equation", "left": [[1, a, b, 1]], "right": [[1, 0, a * x + b, 1]]}
    if level == _BRACKETS:
        m, n = draw.sample(range(2, 10), 2)
        b, d = _not_nought(draw, 12), _not_nought(draw, 12)
        if abs(m - n) == 1:
            m += 2 if m > n else 3
        rest = m * (x + b) - n * (x + d)
        right = [[n, 1, d, 1], [1, 0, rest, 1]] if rest else [[n, 1, d, 1]]
        return {"form": "equation", "left": [[m, 1, b, 1]], "right": right}
    if level == _FRACTIONS:
        p, q, a, c = draw.choose(_DENOMINATORS)
        x = draw.choose([n for n in range(-9, 13) if n])
        u, v = draw.sample(range(-8, 9), 2)
        right = [[1, c, q * v - c * x, q], [1, 0, u - v, 1]]
        return {"form": "equation", "left": [[1, a, p * u - a * x, p]], "right": right}
    if draw.below(2):
        x = draw.between(2, 30)
        less, times = draw.sample(range(2, 13), 2)
        less, times = min(less, times), max(less, times) + 1
        plus = draw.between(1, 40)
        right = [[1, less, (times - less) * x + plus, 1]]
        return {"form": "number", "left": [[1, times, plus, 1]], "right": right}
    a, c = draw.sample(range(-9, 13), 2)
    a, c = a or 14, c or 14
    a += 3 * (abs(a - c) == 1)
    b = _not_nought(draw, 40)
    is_even = draw.below(5) > 0  # one in five has a fraction for its answer
    d = (a - c) * x + b if is_even else _not_nought(draw, 40)
    return {"form": "equation", "left": [[1, a, b, 1]], "right": [[1, c, d, 1]]}


def _not_nought(draw: Draw, size: int) -> int:
    return draw.between(1, size) * (1 - 2 * draw.below(2))


def _side(parts: Sequence[Sequence[int]]) -> str:
    """Return a side as it is written."""
    text = ""
    for factor, coefficient, constant, divisor in parts:
        if divisor > 1:
            inner = terms((coefficient, "x"), (constant, ""))
            part = f"({inner})/{divisor}" if constant else f"{inner}/{divisor}"
        elif factor != 1 and coefficient and constant:
            part = f"{factor}({terms((coefficient, 'x'), (constant, ''))})"
        else:
            part = terms((factor * coefficient, "x"), (factor * constant, ""))
        text += (f" - {part[1:]}" if part[0] == "-" else f" + {part}") if text else part
    return text


def slots(p: Parameters, _: Words) -> dict[str, object]:
    """Return the equation, or its numbers where it is told in words."""
    if p["form"] == "equation":
        return {"equation": f"{_side(p['left'])} = {_side(p['right'])}"}
    ((_one, times, plus, _),), ((_two, less, more, _),) = p["left"], p["right"]
    return {"times": times, "plus": plus, "less": less, "more": more}


def solve(p: Parameters, method: str) -> Worked:
    """Bring both sides to a number of x and a number, then move terms over or change both sides alike."""
    left, right = p["left"], p["right"]
    scale = math.lcm(*(part[3] for part in (*left, *right)))
    whole = [[[f * scale // d, a, b, 1] for f, a, b, d in side] for side in (left, right)]
    (a, b), (c, d) = ((sum(f * a for f, a, _, _ in s), sum(f * b for f, _, b, _ in s)) for s in whole)
    x = (d - b) // (a - c) if (d - b) % (a - c) == 0 else Fraction(d - b, a - c)
    where: dict[str, int | Fraction] = {"x": x}
    steps = []
    if p["form"] == "number":
        steps = [Step("unknown"), Step("in_signs", f"{_side(left)} = {_side(right)}", where=where)]
    if scale > 1:
        cleared = f"{_side(whole[0])} = {_side(whole[1])}"
        steps.append(Step("cleared", cleared, {"m": scale}, where))
    opened = " = ".join(_side([[1, f * a, f * b, 1] for f, a, b, _ in side]) for side in whole)
    tidy = f"{terms((a, 'x'), (b, ''))} = {terms((c, 'x'), (d, ''))}"
    if scale > 1 or any(part[0] > 1 for part in (*left, *right)):
        steps.append(Step("opened", opened, where=where))
        if tidy != opened:
            steps.append(Step("tidied", tidy, where=where))
    ways = _by_moving if method == "transpose" else _by_balance
    steps += ways(a, b, c, d, where)
    if a - c != 1:
        divided = f"x = {d - b} ÷ {a - c} = {x}" if a - c > 0 else f"x = {d - b} ÷ ({a - c}) = {x}"
        steps.append(Step("divided", divided, {"m": a - c}, where))
    return Worked(tuple(steps), x if isinstance(x, int) else show(x))


def _by_moving(a: int, b: int, c: int, d: int, where: dict[str, int | Fraction]) -> list[Step]:
    if not c:
        return [
            Step("moved_number", f"{terms((a, 'x'))} = {terms((d, ''), (-b, ''))} = {d - b}", where=where)
        ]
    moved = f"{terms((a, 'x'), (-c, 'x'))} = {terms((d, ''), (-b, ''))}"
    steps = [Step("moved", moved, where=where)]
    return [*steps, Step("collected", f"{terms((a - c, 'x'))} = {d - b}", where=where)]


def _by_balance(a: int, b: int, c: int, d: int, where: dict[str, int | Fraction]) -> list[Step]:
    steps = []
    if c:
        steps.append(_both_sides((a, b), (c, d), (c, "x"), where))
        steps.append(Step("collected", f"{terms((a - c, 'x'), (b, ''))} = {d}", where=where))
    if b:
        steps.append(_both_sides((a - c, b), (0, d), (b, ""), where))
        steps.append(Step("collected", f"{terms((a - c, 'x'))} = {d - b}", where=where))
    return steps


def _both_sides(
    left: tuple[int, int], right: tuple[int, int], taken: tuple[int, str], where: dict[str, int | Fraction]
) -> Step:
    size, letter = taken
    sides = (terms((side[0], "x"), (side[1], ""), (-size, letter)) for side in (left, right))
    return Step(
        "both_less" if size > 0 else "both_more",
        " = ".join(sides),
        {"what": terms((abs(size), letter))},
        where,
    )


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("transpose", "balance"), levels=4, slots=slots
)
