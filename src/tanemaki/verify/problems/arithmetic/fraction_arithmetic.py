"""Fractions added, subtracted, multiplied and divided, with 通分 and 約分.

Level 1 is one product or quotient, level 2 a sum or difference of unlike fractions, level 3 has both.

Source: 小学校学習指導要領 算数 第5学年・第6学年 A 数と計算 (異分母の分数の加法・減法, 分数の乗法・除法).
"""

from __future__ import annotations

from math import gcd, lcm

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_LEVELS = 3
Over = tuple[int, int]
"""Numerator and denominator."""
_ABOVE = {below: tuple(n for n in range(1, 4 * below) if gcd(n, below) == 1) for below in range(2, 37)}
_ALL = tuple((n, below) for below in range(2, 21) for n in range(1, 31) if gcd(n, below) == 1)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw fractions in lowest terms whose result is more than nought."""
    if level == 1:
        one, two = draw.choose(_ALL), draw.choose(_ALL)
        return {"expression": f"{_text(one)} {draw.choose('×÷')} {_text(two)}"}
    if level == _LEVELS:
        strong = draw.choose("×÷")
        below_one, below_two, below_three = (
            draw.between(2, 6),
            draw.between(2, 6),
            draw.choose((2, 3, 4, 6, 8, 9, 12)),
        )
        one, two, three = (
            (draw.choose(_ABOVE[below]), below) for below in (below_one, below_two, below_three)
        )
        value = _times(one, two) if strong == "×" else _times(one, two[::-1])
        return {"expression": _joined(draw, value, f"{_text(one)} {strong} {_text(two)}", three)}
    shared = draw.between(2, 8)
    parts = draw.sample(range(1, min(6, 36 // shared) + 1), 2)
    one, two = ((draw.choose(_ABOVE[shared * part]), shared * part) for part in parts)
    return {"expression": _joined(draw, one, _text(one), two)}


def _joined(draw: Draw, value: Over, written: str, other: Over) -> str:
    """Return a sum or difference of two parts, the larger one first in a difference."""
    ahead = value[0] * other[1] - other[0] * value[1]
    sign = draw.choose("+-") if ahead else "+"
    parts = [written, _text(other)]
    if ahead < 0 or (sign == "+" and draw.below(2)):
        parts.reverse()
    return f" {sign} ".join(parts)


def _text(number: Over) -> str:
    return f"{number[0]}/{number[1]}" if number[1] != 1 else str(number[0])


def _times(one: Over, two: Over) -> Over:
    above, below = one[0] * two[0], one[1] * two[1]
    shared = gcd(above, below)
    return above // shared, below // shared


def solve(p: Parameters, method: str) -> Worked:
    """Cancel as early as one can, or only at the end."""
    numbers: list[Over] = []
    signs: list[str] = []
    for part in p["expression"].split(" "):
        if part in "+-×÷":
            signs.append(part)
        else:
            above, _, below = part.partition("/")
            numbers.append((int(above), int(below)))
    steps: list[Step] = []
    while signs:
        at = next((place for place, sign in enumerate(signs) if sign in "×÷"), 0)
        sign = signs.pop(at)
        one, two = numbers[at], numbers.pop(at + 1)
        work = _product if sign in "×÷" else _sum
        numbers[at] = work(steps, one, two, sign, method == "cancel_early")
    above, below = numbers[0]
    return Worked(tuple(steps), above if below == 1 else f"{above}/{below}")


def _product(steps: list[Step], one: Over, two: Over, sign: str, early: bool) -> Over:  # noqa: FBT001 - one place calls it
    if sign == "÷":
        turned = (two[1], two[0])
        steps.append(Step("turned", f"{_text(one)} ÷ {_text(two)} = {_text(one)} × {_text(turned)}"))
        two = turned
    (a, b), (c, d) = one, two
    left = f"{_text(one)} × {_text(two)}"
    across, other = gcd(a, d), gcd(c, b)
    if early and across * other > 1:
        a, b, c, d = a // across, b // other, c // other, d // across
        right = f"({a} × {c})/({b} × {d})"
        steps.append(Step("cancelled", f"{left} = {right}"))
        left = right
    steps.append(Step("product", f"{left} = {_text((a * c, b * d))}"))
    return _lowest(steps, (a * c, b * d))


def _sum(steps: list[Step], one: Over, two: Over, sign: str, early: bool) -> Over:  # noqa: FBT001 - one place calls it
    b, d = one[1], two[1]
    common = lcm(b, d) if early or b == d else b * d
    if common not in (b, d):
        ways = f"{b} × {common // b} = {d} × {common // d}" if early else f"{b} × {d}"
        steps.append(Step("common", f"{ways} = {common}"))
    above = []
    for x, y in (one, two):
        more = common // y
        above.append(x * more)
        if more > 1:
            over = f"({x} × {more})/({y} × {more})" if y > 1 else f"({x} × {more})/{more}"
            steps.append(
                Step("widened", f"{_text((x, y))} = {over} = {x * more}/{common}", {"part": _text((x, y))})
            )
    value = above[0] + above[1] if sign == "+" else above[0] - above[1]
    say = "total" if sign == "+" else "difference"
    steps.append(Step(say, f"{above[0]}/{common} {sign} {above[1]}/{common} = {value}/{common}"))
    return _lowest(steps, (value, common))


def _lowest(steps: list[Step], number: Over) -> Over:
    shared = gcd(*number)
    if shared == 1:
        return number
    lowest = (number[0] // shared, number[1] // shared)
    steps.append(Step("reduced", f"{number[0]}/{number[1]} = {_text(lowest)}"))
    return lowest


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("cancel_early", "cancel_late"), levels=_LEVELS
)
