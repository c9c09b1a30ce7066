"""Two equations with two unknowns: 連立方程式.

Level 1 has equal coefficients of y, in level 2 one equation is multiplied, in level 3 both.

Source: 中学校学習指導要領 数学 第2学年 A(2) 連立二元一次方程式; 九章算術 (Nine Chapters), chapter 8 方程.
"""

from __future__ import annotations

import math

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.algebra._terms import in_brackets, terms
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_SCENES = ("fruit", "stationery", "dairy", "bakery")
_TIMES = {
    1: tuple((n, n) for n in range(1, 8)),
    2: tuple((m, n) for m in range(1, 7) for n in range(1, 7) if m != n and (m % n == 0 or n % m == 0)),
    3: tuple((m, n) for m in range(2, 8) for n in range(2, 8) if m % n and n % m and m * n <= 24),  # noqa: PLR2004 - by hand
}
"""The sizes of the coefficients of y by level."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the coefficients of y by the level, those of x so that there is one solution, and the solution."""
    b, e = draw.choose(_TIMES[level])
    if draw.below(2):
        a, d = draw.choose([(a, d) for a in range(1, 10) for d in range(1, 10) if a != d and a * e != b * d])
        x, y = (10 * draw.between(4, 30) for _ in "xy")
        form: dict[str, Json] = {"form": "shop", "scene": draw.choose(_SCENES)}
    else:
        b, e = (n * (1 - 2 * draw.below(2)) for n in (b, e))
        choices = [n for n in range(-6, 10) if n]
        a = draw.choose([n for n in choices if math.gcd(n, b) == 1])
        d = draw.choose([n for n in choices if math.gcd(n, e) == 1 and abs(n) != abs(a) and n * b != a * e])
        y = draw.choose([n for n in range(-9, 13) if n])
        x = draw.choose([n for n in range(-9, 13) if n and a * n + b * y and d * n + e * y])
        form = {"form": "equations"}
    return form | {"first": [a, b, a * x + b * y], "second": [d, e, d * x + e * y]}


def _equation(a: int, b: int, c: int) -> str:
    return f"{terms((a, 'x'), (b, 'y'))} = {c}"


def slots(p: Parameters, _: Words) -> dict[str, object]:
    """Return both equations, or their numbers where they are told in words."""
    if p["form"] == "equations":
        return {"equation": _equation(*p["first"]), "other_equation": _equation(*p["second"])}
    names = ("n", "m", "total", "other_n", "other_m", "other_total")
    return dict(zip(names, (*p["first"], *p["second"]), strict=True))


def solve(p: Parameters, method: str) -> Worked:
    """Make one unknown vanish from a sum or difference, or put in what it is worth."""
    a, b, c = p["first"]
    d, e, f = p["second"]
    x = (c * e - b * f) // (a * e - b * d)
    y = (c - a * x) // b
    where = {"x": x, "y": y}
    steps = []
    if p["form"] == "shop":
        steps.append(Step("unknowns"))
        steps.append(Step("first_equation", _equation(a, b, c), where=where))
        steps.append(Step("second_equation", _equation(d, e, f), where=where))
    ways = _by_elimination if method == "elimination" else _by_substitution
    return Worked((*steps, *ways((a, b, c), (d, e, f), where)), [x, y])


def _by_elimination(
    first: tuple[int, int, int], second: tuple[int, int, int], where: dict[str, int]
) -> list[Step]:
    (a, b, c), (d, e, f) = first, second
    steps = []
    shared = math.lcm(b, e)
    times, other = shared // abs(b), shared // abs(e)
    if times > 1:
        a, b, c = a * times, b * times, c * times
        steps.append(Step("first_times", _equation(a, b, c), {"k": times}, where))
    if other > 1:
        d, e, f = d * other, e * other, f * other
        steps.append(Step("second_times", _equation(d, e, f), {"k": other}, where))
    sign = -1 if b == e else 1
    told = f"{terms((a, 'x'), (sign * d, 'x'))} = {terms((c, ''), (sign * f, ''))}"
    steps.append(Step("taken_away" if sign < 0 else "added", told, where=where))
    n, value = a + sign * d, c + sign * f
    steps.append(Step("without_y", f"{terms((n, 'x'))} = {value}", where=where))
    x, y = where["x"], where["y"]
    if n != 1:
        steps.append(Step("x_found", f"x = {value} ÷ {in_brackets(n)} = {x}", where=where))
    a, b, c = first
    product = f"{a} × {in_brackets(x)}" if abs(a) > 1 else str(a * x)
    sign_of_y = "-" if b < 0 else "+"
    steps.append(Step("put_in", f"{product} {sign_of_y} {terms((abs(b), 'y'))} = {c}", where=where))
    rest = terms((c, ""), (-a * x, ""))
    found = rest if b == 1 else f"({rest}) ÷ {in_brackets(b)}"
    steps.append(Step("y_found", f"y = {found} = {y}", where=where))
    return steps


def _by_substitution(
    first: tuple[int, int, int], second: tuple[int, int, int], where: dict[str, int]
) -> list[Step]:
    (a, b, c), (d, e, f) = first, second
    x, y = where["x"], where["y"]
    if a < 0:
        a, b, c = -a, -b, -c
    inner = terms((c, ""), (-b, "y"))
    over = "" if a == 1 else f"/{a}"
    steps = [Step("x_alone", f"x = {f'({inner}){over}' if over else inner}", where=where)]
    factor = {1: "", -1: "-"}.get(d, str(d))
    rest = f"{'-' if e < 0 else '+'} {terms((abs(e), 'y'))}"
    if factor or over:
        steps.append(Step("put_into_second", f"{factor}({inner}){over} {rest} = {f}", where=where))
    if over:
        rest = f"{'-' if e < 0 else '+'} {terms((abs(e) * a, 'y'))}"
        steps.append(Step("cleared", f"{factor}({inner}) {rest} = {f * a}", {"m": a}, where))
    opened = f"{terms((d * c, ''), (-d * b, 'y'), (e * a, 'y'))} = {f * a}"
    steps.append(Step("opened" if factor or over else "put_into_second", opened, where=where))
    n, value = e * a - d * b, f * a - d * c
    steps.append(Step("only_y", f"{terms((n, 'y'))} = {value}", where=where))
    if n != 1:
        steps.append(Step("y_found", f"y = {value} ÷ {in_brackets(n)} = {y}", where=where))
    product = f"{abs(b)} × {in_brackets(y)}" if abs(b) > 1 else in_brackets(y)
    put = f"{c} {'-' if b > 0 else '+'} {product}"
    steps.append(Step("x_found", f"x = {f'({put}) ÷ {a}' if over else put} = {x}", where=where))
    return steps


FAMILY = Family(
    kind="numbers",
    draw=draw,
    solve=solve,
    methods=("elimination", "substitution"),
    scenes=_SCENES,
    slots=slots,
)
