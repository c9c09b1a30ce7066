"""The largest or smallest whole number that an inequality allows: 一次不等式.

Level 1 is written in signs, level 2 packs a box within a budget, level 3 compares two shops.

Source: 高等学校学習指導要領 数学I (数と式: 一次不等式).
"""

from __future__ import annotations

import math
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.algebra._terms import in_brackets, terms
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_SCENES = ("peaches", "cakes", "towels", "candles")
_SIGNS = {"less": "<", "at_most": "≤", "more": ">", "at_least": "≥"}
_TURNED = {"<": ">", "≤": "≥", ">": "<", "≥": "≤"}
"""A sign after a division by a negative number."""
_AGAINST = {"<": "≥", "≤": ">", ">": "≤", "≥": "<"}
"""What holds where a sign does not."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw an inequality, a box and a budget, or two price lists that cross."""
    if level == 1:
        sign = draw.choose(tuple(_SIGNS))
        a, b = draw.choose((-6, -5, -4, -3, -2, *range(2, 16))), draw.choose([n for n in range(-50, 51) if n])
        form = "largest" if (sign in ("less", "at_most")) == (a > 0) else "smallest"
        limit = a * draw.between(-12, 25) + b + draw.below(abs(a))
        return {"form": form, "factor": a, "constant": b, "sign": sign, "limit": limit}
    scene = draw.choose(_SCENES)
    if level == 2:  # noqa: PLR2004 - the second level
        price, box = 10 * draw.between(8, 45), 10 * draw.between(5, 30)
        budget = 100 * -(-(price * draw.between(4, 25) + box + 10 * draw.below(price // 10)) // 100)
        return {"form": "box", "scene": scene, "price": price, "fee": box, "budget": budget}
    less = 10 * draw.between(1, 8)
    other_price = 10 * draw.between(8, 40)
    fee = 10 * draw.between(10, 60)
    return {
        "form": "shops",
        "scene": scene,
        "price": other_price + less,
        "fee": fee,
        "other_price": other_price,
        "other_fee": fee + less * draw.between(3, 25) + 10 * draw.below(less // 10),
    }


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Return the inequality in signs, or the numbers of the story."""
    if "sign" not in p:
        return {key: value for key, value in p.items() if key not in ("form", "scene")}
    left = terms((p["factor"], "x"), (p["constant"], ""))
    asked = words["smallest" if p["form"] == "smallest" else "largest"]
    return {"inequality": f"{left} {_SIGNS[p['sign']]} {p['limit']}", "asked": asked}


def solve(p: Parameters, method: str) -> Worked:
    """Solve the inequality itself, or the equation at its border and try both sides of it."""
    form = p["form"]
    steps = (
        [] if "sign" in p else [Step("unknown"), Step("condition", _condition(p), where={"x": _answer(p)})]
    )
    if form == "shops":
        steps += _compare_shops(p, by_signs=method == "inequality")
    else:
        steps += _one_sided(p, by_signs=method == "inequality")
    return Worked(tuple(steps), _answer(p))


def _line(p: Parameters) -> tuple[int, int, str, int]:
    """Return factor, constant, sign and limit."""
    if p["form"] == "box":
        return p["price"], p["fee"], "≤", p["budget"]
    if p["form"] == "shops":
        return p["price"] - p["other_price"], 0, ">", p["other_fee"] - p["fee"]
    return p["factor"], p["constant"], _SIGNS[p["sign"]], p["limit"]


def _answer(p: Parameters) -> int:
    a, b, sign, limit = _line(p)
    size = limit - b
    if a < 0:
        a, size, sign = -a, -size, _TURNED[sign]
    return {"<": -(-size // a) - 1, "≤": size // a, ">": size // a + 1, "≥": -(-size // a)}[sign]


def _condition(p: Parameters) -> str:
    if p["form"] == "box":
        return f"{terms((p['price'], 'x'), (p['fee'], ''))} ≤ {p['budget']}"
    first = terms((p["price"], "x"), (p["fee"], ""))
    return f"{first} > {terms((p['other_price'], 'x'), (p['other_fee'], ''))}"


def _border(bound: Fraction, sign: str, answer: int) -> list[Step]:
    """Say which whole number comes first on the right side of the border."""
    steps = []
    if bound.denominator > 1:
        low = math.floor(bound)
        steps.append(Step("between", f"{low} < {bound} < {low + 1}", {"bound": bound}))
    key = "largest" if sign in "<≤" else "smallest"
    return [*steps, Step(key, slots={"sign": sign, "bound": bound, "found": answer})]


def _one_sided(p: Parameters, *, by_signs: bool) -> list[Step]:
    a, b, sign, limit = _line(p)
    answer = _answer(p)
    where = {"x": answer}
    bound = Fraction(limit - b, a)
    moved = terms((limit, ""), (-b, ""))
    turned = sign if a > 0 else _TURNED[sign]
    if by_signs:
        divided = f"x {turned} {limit - b} ÷ {in_brackets(a)} = {bound}"
        return [
            Step("moved", f"{a}x {sign} {moved} = {limit - b}", where=where),
            Step("divided" if a > 0 else "divided_and_turned", divided, {"m": a}, where),
            *_border(bound, turned, answer),
        ]
    beyond = answer + 1 if turned in "<≤" else answer - 1
    rest = f"{'-' if b < 0 else '+'} {abs(b)}"

    def tried(x: int, relation: str) -> Step:
        equation = f"{a} × {in_brackets(x)} {rest} = {a * x + b} {relation} {limit}"
        return Step("fits" if x == answer else "fits_not", equation, {"tried": x})

    return [
        Step("border", f"x = ({moved}) ÷ {in_brackets(a)} = {bound}", where={"x": bound}),
        tried(answer, sign),
        tried(beyond, _AGAINST[sign]),
        Step("so", slots={"found": answer, "beyond": beyond}),
    ]


def _compare_shops(p: Parameters, *, by_signs: bool) -> list[Step]:
    n, fee, other_n, other_fee = p["price"], p["fee"], p["other_price"], p["other_fee"]
    answer = _answer(p)
    where = {"x": answer}
    less, size = n - other_n, other_fee - fee
    bound = Fraction(size, less)
    if by_signs:
        right = terms((other_fee, ""), (-fee, ""))
        return [
            Step("moved", f"{n}x - {other_n}x > {right}", where=where),
            Step("collected", f"{less}x > {size}", where=where),
            Step("divided", f"x > {size} ÷ {less} = {bound}", {"m": less}, where),
            *_border(bound, ">", answer),
        ]

    def total(price: int, plus: int, x: int) -> tuple[str, int]:
        return (f"{price} × {x} + {plus}" if plus else f"{price} × {x}"), price * x + plus

    def tried(x: int, relation: str) -> Step:
        (told, one), (other_told, other) = total(n, fee, x), total(other_n, other_fee, x)
        equation = f"{told} = {one} {relation} {other} = {other_told}"
        return Step("fits" if x == answer else "fits_not", equation, {"tried": x})

    told = f"({other_fee} - {fee}) ÷ ({n} - {other_n}) = {size} ÷ {less}"
    return [
        Step("border", f"x = {told} = {bound}", where={"x": bound}),
        tried(answer, ">"),
        tried(answer - 1, "≤"),
        Step("so", slots={"found": answer, "beyond": answer - 1}),
    ]


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("inequality", "boundary"),
    scenes=_SCENES,
    slots=slots,
)
