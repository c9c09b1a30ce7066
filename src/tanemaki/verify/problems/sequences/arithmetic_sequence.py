"""Numbers that grow by the same step: 等差数列, term and sum.

Level 1 asks for a term, level 2 for the sum (from the number of terms or from the last one), level 3 for a part of the sum.

Source: 高等学校学習指導要領 数学B (数列: 等差数列); pairing is told of the pupil Gauss (Sartorius von Waltershausen, 1856).
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.algebra._terms import in_brackets
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_FORMS = {1: ("term",), 2: ("sum", "sum_to_last"), 3: ("part",)}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the first term, the step and how far to go; only a part of a sum may fall."""
    form = draw.choose(_FORMS[level])
    first, step = draw.between(1, 60), draw.between(2, 15)
    if form == "part":
        step *= 1 - 2 * draw.below(2)
        start = draw.between(4, 20)
        return {"form": form, "first": first, "step": step, "start": start, "n": start + draw.between(4, 30)}
    n = draw.between(10, 60)
    if form == "sum_to_last":
        return {"form": form, "first": first, "step": step, "last": first + step * (n - 1)}
    return {"form": form, "first": first, "step": step, "n": n}


def slots(p: Parameters, _: Words) -> dict[str, object]:
    """Return the first three terms, and what is asked."""
    told = {key: p[key] for key in ("n", "start", "last") if key in p}
    first, step = p["first"], p["step"]
    return {"first": first, "second": first + step, "third": first + 2 * step, **told}


def solve(p: Parameters, method: str) -> Worked:
    """Go by the formulas, or from the term before the first and by pairs."""
    first, step = p["first"], p["step"]
    steps = [Step("step", f"{first + step} - {in_brackets(first)} = {step}")]
    if p["form"] == "sum_to_last":
        last = p["last"]
        n = (last - first) // step + 1
        steps.append(Step("gaps", f"({last} - {first}) ÷ {step} = {n - 1}"))
        steps.append(Step("count", f"{n - 1} + 1 = {n}"))
        steps += _sum(n, first, last, method)
        return Worked(tuple(steps), n * (first + last) // 2)
    n = p["n"]
    last = first + step * (n - 1)
    if p["form"] == "part":
        start = p["start"]
        begin, n_terms = first + step * (start - 1), n - start + 1
        steps += _term(first, step, start, method)
        steps += [one for one in _term(first, step, n, method) if one not in steps]
        steps.append(Step("count", f"{n} - {start} + 1 = {n_terms}"))
        steps += _sum(n_terms, begin, last, method)
        return Worked(tuple(steps), n_terms * (begin + last) // 2)
    steps += _term(first, step, n, method)
    if p["form"] == "term":
        return Worked(tuple(steps), last)
    steps += _sum(n, first, last, method)
    return Worked(tuple(steps), n * (first + last) // 2)


def _term(first: int, step: int, n: int, method: str) -> list[Step]:
    value = first + step * (n - 1)
    if method == "formula":
        return [
            Step("steps_to", f"{n} - 1 = {n - 1}", {"k": n}),
            Step("term", f"{first} + {in_brackets(step)} × {n - 1} = {value}", {"k": n}),
        ]
    before = first - step
    return [
        Step("zeroth", f"{first} - {in_brackets(step)} = {before}"),
        Step("term", f"{before} + {in_brackets(step)} × {n} = {value}", {"k": n}),
    ]


def _sum(n: int, begin: int, last: int, method: str) -> list[Step]:
    pair = begin + last
    if method == "formula":
        return [Step("sum", f"{n} × ({begin} + {in_brackets(last)}) ÷ 2 = {n * pair // 2}")]
    return [
        Step("pair", f"{begin} + {in_brackets(last)} = {pair}"),
        Step(
            "pairs", f"{in_brackets(pair)} × {n} = {pair * n}" if pair < 0 else f"{pair} × {n} = {pair * n}"
        ),
        Step("sum", f"{pair * n} ÷ 2 = {pair * n // 2}"),
    ]


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("formula", "pairing"), slots=slots)
