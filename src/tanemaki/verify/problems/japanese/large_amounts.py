"""Amounts of money as newspapers write them, 3億4200万円, are added, taken away and multiplied.

Level 1 adds two amounts, level 2 adds and takes away, level 3 multiplies before. Ten thousand 万 make one 億.

Source: 小学校学習指導要領 算数 第4学年「億、兆の単位」; the notation is that of newspapers.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_SCENES = ("city", "university", "museum", "railway", "hospital")
_FORMS = {1: "sum", 2: "rest", 3: "saved"}
_OKU = 10_000
"""So many 万 are one 億."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw amounts in 万, with something left at the end."""
    parameters: dict[str, Json] = {"scene": draw.choose(_SCENES), "form": _FORMS[level]}
    if level == 1:
        return {**parameters, "amounts": [_amount(draw, 40), _amount(draw, 40)]}
    if level == len(_FORMS):
        parameters["times"] = draw.between(3, 9)
    first, second = _amount(draw, 12), _amount(draw, 9)
    whole = first * parameters.get("times", 1) + second
    left = draw.between(1, whole // _OKU - 1) * _OKU + draw.between(1, 99) * 100
    return {**parameters, "amounts": [first, second, whole - left]}


def _amount(draw: Draw, most: int) -> int:
    return draw.between(2, most) * _OKU + draw.between(1, 99) * 100


def solve(p: Parameters, method: str) -> Worked:
    """Reckon with 億 and 万 apart and carry, or with everything in 万."""
    first, second, *third = p["amounts"]
    times = p.get("times", 1)
    steps = []
    if method == "all_in_man":
        steps += [
            Step(
                "in_man", f"{amount // _OKU} × {_OKU} + {amount % _OKU} = {amount}", {"amount": shown(amount)}
            )
            for amount in dict.fromkeys(p["amounts"])
            if amount >= _OKU
        ]
        whole = first * times
        if times > 1:
            steps.append(Step("saved", f"{first} × {times} = {whole}"))
        steps.append(Step("sum", f"{whole} + {second} = {whole + second}"))
        whole += second
        if third:
            steps.append(Step("left", f"{whole} - {third[0]} = {whole - third[0]}"))
            whole -= third[0]
        steps.append(Step("back", slots={"man": whole, "amount": shown(whole)}))
        return Worked(tuple(steps), shown(whole))
    now = first
    if times > 1:
        steps += _carried(
            "saved", f"{first % _OKU} × {times}", f"{first // _OKU} × {times}", now, now * times
        )
        now *= times
    after = now + second
    steps += _carried(
        "sum", f"{now % _OKU} + {second % _OKU}", f"{now // _OKU} + {second // _OKU}", now, after, plus=second
    )
    if third:
        steps += _taken_away(after, third[0])
        after -= third[0]
    steps.append(Step("written", slots={"amount": shown(after)}))
    return Worked(tuple(steps), shown(after))


def _carried(name: str, low: str, high: str, now: int, after: int, plus: int | None = None) -> list[Step]:
    """Find the 万, carry what makes 億, find the 億."""
    man = now % _OKU + plus % _OKU if plus is not None else now % _OKU * (after // now)
    carry, rest = divmod(man, _OKU)
    steps = [Step(f"{name}_man", f"{low} = {man}")]
    if carry:
        steps.append(Step(f"{name}_rest", f"{man} - {carry} × {_OKU} = {rest}", {"carry": carry}))
    oku = after // _OKU
    steps.append(Step(f"{name}_oku", f"{high} + {carry} = {oku}" if carry else f"{high} = {oku}"))
    return steps


def _taken_away(now: int, less: int) -> list[Step]:
    man, oku = now % _OKU - less % _OKU, now // _OKU - less // _OKU
    if man >= 0:
        return [
            Step("left_man", f"{now % _OKU} - {less % _OKU} = {man}"),
            Step("left_oku", f"{now // _OKU} - {less // _OKU} = {oku}"),
        ]
    return [
        Step("borrowed_man", f"{_OKU} + {now % _OKU} - {less % _OKU} = {man + _OKU}"),
        Step("borrowed_oku", f"{now // _OKU} - 1 - {less // _OKU} = {oku - 1}"),
    ]


def shown(man: int) -> str:
    """Write an amount of 万 as newspapers do.

    >>> shown(34_200), shown(50_000), shown(700)
    ('3億4200万', '5億', '700万')
    """
    oku, rest = divmod(man, _OKU)
    return (f"{oku}億" if oku else "") + (f"{rest}万" if rest else "")


def slots(p: Parameters, words: Words) -> Mapping[str, object]:  # noqa: ARG001 - the contract's form
    """Write the amounts."""
    told: dict[str, object] = dict(zip(("x", "y", "z"), map(shown, p["amounts"]), strict=False))
    return {**told, "times": p["times"]} if "times" in p else told


FAMILY = Family(
    kind="text",
    draw=draw,
    solve=solve,
    methods=("oku_and_man", "all_in_man"),
    scenes=_SCENES,
    slots=slots,
)
