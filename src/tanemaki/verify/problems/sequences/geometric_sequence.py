"""Numbers that grow by the same factor: 等比数列, term and sum.

Level 1 asks for a term or for what has multiplied, level 2 for the sum of the first terms, level 3 for a part of the sum.

Source: 高等学校学習指導要領 数学B (数列: 等比数列); Euclid, Elements IX, proposition 35.
"""

from __future__ import annotations

from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.algebra._terms import in_brackets
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_FORMS = {1: ("term", "growth"), 2: ("sum",), 3: ("part",)}
_SCENES = ("cells", "leaves", "readers")
_LONGEST = {2: 10, 3: 8, 4: 7, 5: 6, 6: 6, 7: 5, 8: 5, 9: 5, 10: 7, -2: 10, -3: 8, -4: 6, -5: 5}
"""How many terms at most, by the ratio: what can still be multiplied by hand."""
_LENGTHS = tuple((ratio, n) for ratio, longest in _LONGEST.items() for n in range(4, longest + 1))


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the ratio and the number of terms; where the ratio is a half or a third, the first term is made to fit."""
    form = draw.choose(_FORMS[level])
    if form == "growth":
        return {
            "form": form,
            "scene": draw.choose(_SCENES),
            "first": draw.between(2, 999),
            "ratio": [draw.between(2, 5), 1],
            "n": draw.between(4, 7),
        }
    below = draw.choose((2, 2, 3)) if draw.below(12) == 0 else 1  # one in twelve shrinks
    ratio, n = draw.choose(_LENGTHS)
    n = min(n, 7) if below > 1 else n
    parameters: dict[str, Json] = {"form": form, "n": n}
    if form == "part":
        parameters["start"] = draw.between(3, n - 1)
    if below == 1:
        return parameters | {"first": draw.between(2, 999), "ratio": [ratio, 1]}
    return parameters | {"first": below ** (n - 1) * draw.between(1, 99), "ratio": [1, below]}


def slots(p: Parameters, _: Words) -> dict[str, object]:
    """Return the first three terms and how far they go, or the numbers of the story."""
    ratio = Fraction(*p["ratio"])
    if p["form"] == "growth":
        return {"first": p["first"], "ratio": ratio, "n": p["n"]}
    first = p["first"]
    told = {key: p[key] for key in ("n", "start") if key in p}
    return {"first": first, "second": first * ratio, "third": first * ratio**2, **told}


def solve(p: Parameters, method: str) -> Worked:
    """Go by the formulas, or write down term after term."""
    first, ratio, n, form = p["first"], Fraction(*p["ratio"]), p["n"], p["form"]
    steps = []
    if form != "growth":
        steps.append(Step("ratio", f"{first * ratio} ÷ {first} = {ratio}"))
    if method == "formula":
        more, answer = _by_formula(first, ratio, n, p)
    else:
        more, answer = _one_by_one(first, ratio, n, p)
    return Worked((*steps, *more), answer)


def _by_formula(first: int, ratio: Fraction, n: int, p: Parameters) -> tuple[list[Step], int]:
    shown = f"({ratio})" if ratio < 0 or ratio.denominator > 1 else str(ratio)
    if p["form"] in ("term", "growth"):
        power = n if p["form"] == "growth" else n - 1
        answer = first * ratio**power
        return [
            Step("power", f"{shown}^{power} = {ratio**power}", {"k": power}),
            Step("last", f"{first} × {in_brackets(ratio**power)} = {answer}"),
        ], int(answer)
    steps = []
    begin, n_terms = Fraction(first), n
    if p["form"] == "part":
        power = p["start"] - 1
        begin, n_terms = first * ratio**power, n - power
        steps = [
            Step("power", f"{shown}^{power} = {ratio**power}", {"k": power}),
            Step("begin", f"{first} × {in_brackets(ratio**power)} = {begin}", {"k": p["start"]}),
            Step("count", f"{n} - {p['start']} + 1 = {n_terms}"),
        ]
    high = ratio**n_terms
    if n_terms != p.get("start", 0) - 1:
        steps.append(Step("power", f"{shown}^{n_terms} = {high}", {"k": n_terms}))
    total = begin * (high - 1) / (ratio - 1)
    if ratio > 1:
        told = f"{begin} × ({high} - 1) ÷ ({ratio} - 1)"
    else:
        told = f"{begin} × (1 - {in_brackets(high)}) ÷ (1 - {in_brackets(ratio)})"
    steps.append(Step("sum", f"{told} = {total}"))
    return steps, int(total)


def _one_by_one(first: int, ratio: Fraction, n: int, p: Parameters) -> tuple[list[Step], int]:
    steps, row = [], [Fraction(first)]
    key = "after" if p["form"] == "growth" else "term"
    for k in range(1, n + 1) if p["form"] == "growth" else range(2, n + 1):
        row.append(row[-1] * ratio)
        sign = f"÷ {ratio.denominator}" if ratio.denominator > 1 else f"× {in_brackets(ratio)}"
        steps.append(Step(key, f"{row[-2]} {sign} = {row[-1]}", {"k": k}))
    if key == "after" or p["form"] == "term":
        return steps, int(row[-1])
    wanted = row[p.get("start", 1) - 1 :]
    told = " + ".join([str(wanted[0]), *map(in_brackets, wanted[1:])])
    return [*steps, Step("sum", f"{told} = {sum(wanted)}")], int(sum(wanted))


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("formula", "one_by_one"),
    scenes=_SCENES,
    slots=slots,
)
