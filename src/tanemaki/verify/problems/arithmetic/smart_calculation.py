"""Expressions that become easy by the distributive law: 計算の工夫.

Level 1 has two products with a common factor, level 2 one factor that is nearly round, level 3 decimals whose points must
be shifted before the common factor shows.

Source: 小学校学習指導要領 算数 第4学年 A 数と計算 (四則に関して成り立つ性質: 分配法則).
"""

from __future__ import annotations

from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked, decimal

_ROUND = (50, 60, 80, 100, 100, 100, 200, 1000)
_NEARLY = (100, 200, 300, 500, 1000)
_LEVELS = 3


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the factor and the parts of a round number; no product is written with a nought at its end."""
    factor = 10 * draw.between(1, 99) + draw.between(1, 9)
    if level == 1:
        whole, sign = draw.choose(_ROUND), draw.choose("+-")
        part = draw.between(11, whole - 12)
        part += 2 * part == whole  # two equal products would be one
        one, two = (part, whole - part) if sign == "+" else (whole + part, part)
        pairs = [(factor, one), (factor, two)]
        if draw.below(2):
            pairs = [pair[::-1] for pair in pairs]
        return {"expression": f" {sign} ".join(f"{left} × {right}" for left, right in pairs)}
    if level < _LEVELS:
        near = draw.choose(_NEARLY) + draw.choose((-3, -2, -1, 1, 2, 3))
        return {"expression": f"{factor} × {near}" if draw.below(2) else f"{near} × {factor}"}
    one = draw.between(11, 59)
    two = draw.between(11, 89 - one)
    small = Fraction(factor, 10)
    terms = [
        (small, Fraction(one)),
        (small * 10, Fraction(two, 10)),
        (small / 10, Fraction(1000 - 10 * (one + two))),
    ]
    told = (f"{decimal(left)} × {decimal(right)}" for left, right in draw.sample(terms[1:], 2))
    return {"expression": " + ".join((f"{decimal(small)} × {one}", *told))}


def solve(p: Parameters, method: str) -> Worked:
    """Use the distributive law, or work out product by product."""
    expression: str = p["expression"]
    signs = [sign for sign in expression.split(" ") if sign in "+-"]
    terms = [tuple(term.split(" × ")) for term in expression.replace(" - ", " + ").split(" + ")]
    if method == "product_by_product":
        steps, value = _straight(terms, signs)
    elif len(terms) == 1:
        steps, value = _split(terms[0], expression)
    else:
        steps, value = _pulled_out(terms, signs, expression)
    return Worked(tuple(steps), value.numerator if value.denominator == 1 else decimal(value))


def _straight(terms: list[tuple[str, ...]], signs: list[str]) -> tuple[list[Step], Fraction]:
    if len(terms) == 1:
        high, low = sorted(map(int, terms[0]))[::-1]
        parts = [int(digit) * 10**place for place, digit in enumerate(reversed(str(low))) if digit != "0"]
        steps = [
            Step("partial", f"{high} × {part} = {high * part}", {"part": part}) for part in reversed(parts)
        ]
        values = [high * part for part in reversed(parts)]
        if len(values) > 1:
            steps.append(Step("value", f"{' + '.join(map(str, values))} = {sum(values)}"))
        return steps, Fraction(sum(values))
    steps, shown, total = [], "", Fraction(0)
    for sign, (left, right) in zip(["+", *signs], terms, strict=True):
        value = Fraction(left) * Fraction(right)
        steps.append(Step("product", f"{left} × {right} = {decimal(value)}", {"part": f"{left} × {right}"}))
        shown = f"{shown} {sign} {decimal(value)}" if shown else decimal(value)
        total = total + value if sign == "+" else total - value
    steps.append(Step("value", f"{shown} = {decimal(total)}"))
    return steps, total


def _split(term: tuple[str, ...], expression: str) -> tuple[list[Step], Fraction]:
    """Write the nearly round factor as a sum or difference."""
    near, factor = sorted(map(int, term), key=lambda number: min(number % 100, -number % 100))
    more = (near + 50) % 100 - 50
    whole, sign, apart = near - more, "+" if more > 0 else "-", abs(more)
    value = factor * near
    steps = [
        Step("nearly_round", f"{expression} = {factor} × ({whole} {sign} {apart})"),
        Step("opened", f"{factor} × ({whole} {sign} {apart}) = {factor} × {whole} {sign} {factor} × {apart}"),
        Step(
            "two_products",
            f"{factor} × {whole} {sign} {factor} × {apart} = {factor * whole} {sign} {factor * apart}",
        ),
        Step("value", f"{factor * whole} {sign} {factor * apart} = {value}"),
    ]
    return steps, Fraction(value)


def _pulled_out(
    terms: list[tuple[str, ...]], signs: list[str], expression: str
) -> tuple[list[Step], Fraction]:
    """Shift the points until one factor is the same in all products, and put it before a bracket."""
    common = terms[0][0] if terms[0][0] == terms[1][0] or len(terms) > 2 else terms[0][1]  # noqa: PLR2004 - with three, the first leads
    factor = Fraction(common)
    steps, others = [], []
    for left, right in terms:
        if common in (left, right):
            others.append(Fraction(right if left == common else left))
            continue
        others.append(Fraction(left) * Fraction(right) / factor)
        part = f"{left} × {right}"
        steps.append(Step("shifted", f"{part} = {common} × {decimal(others[-1])}", {"part": part}))
    inside = decimal(others[0])
    total = others[0]
    for sign, other in zip(signs, others[1:], strict=True):
        inside += f" {sign} {decimal(other)}"
        total = total + other if sign == "+" else total - other
    steps.append(Step("pulled_out", f"{expression} = {common} × ({inside})"))
    steps.append(Step("bracket", f"{inside} = {decimal(total)}"))
    steps.append(Step("value", f"{common} × {decimal(total)} = {decimal(factor * total)}"))
    return steps, factor * total


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("distributive_law", "product_by_product"), levels=_LEVELS
)
