"""An expression with brackets, worked out in the right order: 四則の混合した式.

Level n has n + 1 operations. Every part comes out as a positive whole number.

Source: 小学校学習指導要領 算数 第4学年 A 数と計算 (四則の混合した式や ( ) を用いた式).
"""

from __future__ import annotations

import operator
import re

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Worked

_STRENGTH = {"+": 1, "-": 1, "×": 2, "÷": 2}
_WORTH = {"+": operator.add, "-": operator.sub, "×": operator.mul, "÷": operator.floordiv}
_LEAF = 3
_LEAST_SUM, _MOST_DIVIDED = 4, 60
_INNERMOST = re.compile(r"\(([^()]*)\)")
_STRONG = re.compile(r"(\d+) ([×÷]) (\d+)")
_WEAK = re.compile(r"(\d+) ([+-]) (\d+)")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the value and unfold it into operations that give it."""
    return {"expression": _unfold(draw, draw.between(2, 150), level + 1)[0]}


def _unfold(draw: Draw, value: int, n: int) -> tuple[str, int]:
    """Return an expression of ``n`` operations worth ``value``, and how strongly it holds together."""
    if n == 0:
        return str(value), _LEAF
    factors = [factor for factor in range(2, 13) if value % factor == 0 and value > factor]
    signs = ["-", "-"]
    signs += (
        ["+", "+"] * (value >= _LEAST_SUM)
        + ["×", "×", "×"] * bool(factors)
        + ["÷", "÷"] * (value <= _MOST_DIVIDED)
    )
    sign = draw.choose(signs)
    if sign == "+":
        left = draw.between(2, value - 2)
        right = value - left
    elif sign == "-":
        right = draw.between(2, 40)
        left = value + right
    elif sign == "×":
        left = draw.choose(factors)
        right = value // left
    else:
        right = draw.between(2, 9)
        left = value * right
    n_left = draw.below(n)
    one, holds_one = _unfold(draw, left, n_left)
    two, holds_two = _unfold(draw, right, n - 1 - n_left)
    strength = _STRENGTH[sign]
    if holds_one < strength:
        one = f"({one})"
    if holds_two < strength or (holds_two == strength and sign in "-÷"):
        two = f"({two})"
    return f"{one} {sign} {two}", strength


def solve(p: Parameters, method: str) -> Worked:
    """Rewrite the whole expression after each operation, or work out one part after the other."""
    expression: str = p["expression"]
    steps: list[Step] = []
    while not expression.isdigit():
        say, sign, part, after = _reduced(expression)
        last = after.isdigit()
        if method == "rewrite":
            step = Step("value" if last else say, f"{expression} = {after}")
        else:
            step = Step("value" if last else f"part_{say}", part, {"operation": Who(sign)})
        if step not in steps:  # the same part may stand in an expression twice
            steps.append(step)
        expression = after
    return Worked(tuple(steps), int(expression))


def _reduced(expression: str) -> tuple[str, str, str, str]:
    """Return which rule comes next, its sign, its equation, and the expression after it."""
    bracket = _INNERMOST.search(expression)
    inside = bracket[1] if bracket else expression
    strong = _STRONG.search(inside)
    found = strong or _WEAK.search(inside)
    assert found is not None  # noqa: S101 - an expression that is no number has an operation
    left, right = int(found[1]), int(found[3])
    sign = found[2]
    value = _WORTH[sign](left, right)
    after = f"{inside[: found.start()]}{value}{inside[found.end() :]}"
    if bracket:
        kept = after if after.isdigit() else f"({after})"
        after = f"{expression[: bracket.start()]}{kept}{expression[bracket.end() :]}"
    return (
        "bracket" if bracket else "strong" if strong else "weak",
        sign,
        f"{found[0]} = {value}",
        after,
    )


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("rewrite", "part_by_part"), levels=4)
