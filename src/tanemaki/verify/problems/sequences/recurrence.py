"""Each number from the one before, or from the two before: 漸化式.

Level 1 goes a few numbers on, level 2 more, level 3 many; by the rule "times and plus", a stock that is told in words, or
sums of two like Fibonacci's.

Source: 高等学校学習指導要領 数学B (数列: 漸化式と数学的帰納法); Fibonacci, Liber abaci (1202), chapter 12.
"""

from __future__ import annotations

from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.algebra._terms import in_brackets, terms
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked, show

_SCENES = ("fish", "rabbits", "plants")
_FACTORS = {1: (2, 3, 4, 5, -2, -3), 2: (2, 3, 4, -2, -3), 3: (2, 3, -2)}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the rule, its first numbers, and how far to go."""
    n = 2 * level + draw.between(2, 3)
    form = draw.choose(("times_plus", "stock", "sum_of_two"))
    if form == "sum_of_two":
        return {"form": form, "first": draw.between(-9, 99), "second": draw.between(1, 99), "n": n + 1}
    if form == "stock":
        factor, first = draw.choose((2, 3) if level < max(_FACTORS) else (2,)), draw.between(12, 150)
        taken = draw.between(3, (factor - 1) * first - 5)
        return {
            "form": form,
            "scene": draw.choose(_SCENES),
            "first": first,
            "factor": factor,
            "taken": taken,
            "n": n - 1,
        }
    first, factor = draw.between(-20, 60), draw.choose(_FACTORS[level])
    plus = draw.choose([k for k in range(-30, 31) if k and first * factor + k != first])
    return {"form": form, "first": first, "factor": factor, "plus": plus, "n": n}


def slots(p: Parameters, _: Words) -> dict[str, object]:
    """Return the numbers of the rule, or the rule as an equation."""
    told = {key: p[key] for key in ("first", "second", "taken", "n") if key in p}
    if p["form"] == "times_plus":
        return {**told, "rule": f"a(n+1) = {terms((p['factor'], 'a(n)'), (p['plus'], ''))}"}
    return {**told, "factor": p["factor"]} if p["form"] == "stock" else told


def solve(p: Parameters, method: str) -> Worked:
    """Go on number by number, or by the general term."""
    by_steps = method == "step_by_step"
    if p["form"] == "sum_of_two":
        steps, answer = (_two_by_steps if by_steps else _two_at_once)(p["first"], p["second"], p["n"])
    else:
        stock = p["form"] == "stock"
        plus, times = (-p["taken"], p["n"]) if stock else (p["plus"], p["n"] - 1)
        ways = _by_steps if by_steps else _by_fixed_point
        steps, answer = ways(p["first"], p["factor"], plus, times, "after" if stock else "term")
    return Worked(tuple(steps), answer)


def _by_steps(first: int, factor: int, plus: int, times: int, key: str) -> tuple[list[Step], int]:
    steps, now = [], first
    for k in range(1, times + 1):
        value = now * factor + plus
        equation = f"{now} × {in_brackets(factor)} {'-' if plus < 0 else '+'} {abs(plus)} = {value}"
        steps.append(Step(key, equation, {"k": k if key == "after" else k + 1}))
        now = value
    return steps, now


def _by_fixed_point(first: int, factor: int, plus: int, times: int, key: str) -> tuple[list[Step], int]:
    fixed = Fraction(plus, 1 - factor)
    where = {"c": fixed}
    apart = first - fixed
    power = factor**times
    answer = int(apart * power + fixed)
    shown = show(fixed)
    away = f"- ({shown})" if fixed < 0 else f"- {shown}"
    back = f"- {-fixed}" if fixed < 0 else f"+ {shown}"
    told_apart = f"({apart})" if apart < 0 else show(apart)
    steps = [
        Step("fixed_rule", f"c = {terms((factor, 'c'), (plus, ''))}", where=where),
        Step("fixed", f"c = {plus} ÷ (1 - {in_brackets(factor)}) = {shown}", where=where),
        Step("apart", f"{first} {away} = {show(apart)}"),
        Step("apart_grows", slots={"k": factor}),
        Step("power", f"{in_brackets(factor)}^{times} = {power}", {"k": times}),
        Step(
            f"{key}_at_once",
            f"{told_apart} × {in_brackets(power)} {back} = {answer}",
            {"k": times if key == "after" else times + 1},
        ),
    ]
    return steps, answer


def _two_by_steps(first: int, second: int, n: int) -> tuple[list[Step], int]:
    steps, one, other = [], first, second
    for k in range(3, n + 1):
        one, other = other, one + other
        steps.append(Step("term", f"{other - one} + {in_brackets(one)} = {other}", {"k": k}))
    return steps, other


def _two_at_once(first: int, second: int, n: int) -> tuple[list[Step], int]:
    row = [1, 1]
    while len(row) < n - 1:
        row.append(row[-2] + row[-1])
    low, high = row[n - 3], row[n - 2]
    answer = low * first + high * second
    told = {"k": n, "row": ", ".join(map(str, row)), "low": low, "high": high}
    equation = f"{low} × {in_brackets(first)} + {high} × {in_brackets(second)} = {answer}"
    return [Step("fibonacci", slots=told), Step("term_at_once", equation, {"k": n})], answer


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("step_by_step", "general_term"),
    scenes=_SCENES,
    slots=slots,
)
