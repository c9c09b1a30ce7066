"""Kanji numerals are read: 三千四十二 is 3042 (漢数字).

Level 1 has numbers below 10,000, level 2 goes to 万, level 3 to 億, level 4 to 兆; from level 2 on, every third one is in
the formal numerals of contracts and registers (大字: 壱, 弐, 参, 拾).

Source: 小学校学習指導要領 算数 第4学年「億、兆の単位」; the formal numerals are those of 戸籍法施行規則 第31条.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked
from tanemaki.verify.problems.japanese._kanji import DIGITS, FORMAL, draw_number, groups_of, written

_PLAIN = {after: before for before, after in FORMAL.items()}
_WORTH = {"千": 1000, "百": 100, "十": 10}
_UNITS = {"兆": 10**12, "億": 10**8, "万": 10**4}
_SCENES = ("ledger", "stone", "scroll", "certificate")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a number of as many groups of four digits as the level says."""
    number = draw_number(draw, level)
    formal = level > 1 and draw.below(3) == 0
    numeral = "".join(written(group, with_ones=formal) + unit for group, unit in groups_of(number))
    return {
        "scene": draw.choose(_SCENES),
        "numeral": numeral.translate(FORMAL) if formal else numeral,
    }


def solve(p: Parameters, method: str) -> Worked:
    """Read each group of four digits, then add them up by their units or write them side by side."""
    plain = p["numeral"].translate(_PLAIN)
    steps = [] if plain == p["numeral"] else [Step("plain_numerals", slots={"plain": plain})]
    groups: list[tuple[str, str]] = []
    rest = plain
    for unit in _UNITS:
        before, found, after = rest.partition(unit)
        if found:
            groups.append((before, unit))
            rest = after
    if rest:
        groups.append((rest, ""))
    worths = []
    for part, unit in groups:
        terms, worth = _terms(part)
        if len(part) > 1:
            steps.append(Step("part", f"{' + '.join(terms)} = {worth}", {"part": part}))
        worths.append(worth)
        if unit and method == "by_units":
            full = worth * _UNITS[unit]
            steps.append(Step("with_unit", f"{worth} × {_UNITS[unit]} = {full}", {"part": part + unit}))
    fulls = [worth * _UNITS.get(unit, 1) for worth, (_, unit) in zip(worths, groups, strict=True)]
    if len(groups) > 1 and method == "by_units":
        steps.append(Step("whole", f"{' + '.join(map(str, fulls))} = {sum(fulls)}"))
    elif len(groups) > 1:
        padded = [str(worths[0]), *(f"{worth:04d}" for worth in worths[1:])]
        steps.append(Step("side_by_side", slots={"groups": " | ".join(padded), "number": sum(fulls)}))
    return Worked(tuple(steps), sum(fulls))


def _terms(part: str) -> tuple[list[str], int]:
    """Return the sum that a numeral below 10,000 stands for, and what it is worth."""
    terms, worth, digit = [], 0, 0
    for sign in part:
        if sign in _WORTH:
            terms.append(f"{digit} × {_WORTH[sign]}" if digit else str(_WORTH[sign]))
            worth += (digit or 1) * _WORTH[sign]
            digit = 0
        else:
            digit = DIGITS.index(sign)
    if digit:
        terms.append(str(digit))
    return terms, worth + digit


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("by_units", "side_by_side"),
    levels=4,
    scenes=_SCENES,
)
