"""Two-digit numbers from cards with digits, laid side by side: even, odd, a multiple of three, larger than a number of tens.

The level is the number of cards: four, five, six.

Source: 中学校学習指導要領 数学 第2学年「確率」 (a two-digit number from cards).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked
from tanemaki.verify.problems.probability._chances import lowest, quotient

_PEOPLE = range(36)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the digits, none of them nought, both odd and even ones, and what is asked."""
    digits = [draw.choose((2, 4, 6, 8)), draw.choose((1, 3, 5, 7, 9))]
    digits += draw.sample([one for one in range(1, 10) if one not in digits], level + 1)
    digits.sort()
    asked = ["even", "odd", "larger"]
    if any((one + two) % 3 == 0 for one in digits for two in digits if one < two):
        asked.append("multiple_of_3")
    told: dict[str, Json] = {"digits": digits, "asked": draw.choose(asked), "people": draw.sample(_PEOPLE, 2)}
    if told["asked"] == "larger":
        told["limit"] = 10 * digits[draw.between(1, len(digits) - 2)]
    return told


def solve(p: Parameters, method: str) -> Worked:
    """Write the numbers down by their tens, or count how the digits can be chosen."""
    digits, n = p["digits"], len(p["digits"])
    total = n * (n - 1)
    steps = [Step("all", f"{n} × {n - 1} = {total}")]
    counted, cases = (_list if method == "enumeration" else _choose)(digits, p["asked"], p.get("limit", 0))
    return Worked((*steps, *counted, Step("chance", quotient(cases, total))), lowest(cases, total))


def _list(digits: Sequence[int], asked: str, limit: int) -> tuple[list[Step], int]:
    steps, counts = [], []
    for tens in digits:
        numbers = [10 * tens + ones for ones in digits if ones != tens]
        found = [one for one in numbers if _fits(one, asked, limit)]
        if found:
            told = {"tens": tens, "found": ", ".join(map(str, found)), "n": len(found)}
            steps.append(Step("row", slots=told))
            counts.append(len(found))
        else:
            steps.append(Step("no_row", slots={"tens": tens}))
    if len(counts) > 1:
        steps.append(Step("cases", f"{' + '.join(map(str, counts))} = {sum(counts)}"))
    return steps, sum(counts)


def _fits(number: int, asked: str, limit: int) -> bool:
    if asked == "larger":
        return number > limit
    return number % 3 == 0 if asked == "multiple_of_3" else (number % 2 == 0) == (asked == "even")


def _choose(digits: Sequence[int], asked: str, limit: int) -> tuple[list[Step], int]:
    n = len(digits)
    if asked == "multiple_of_3":
        pairs = [
            (one, two) for at, one in enumerate(digits) for two in digits[at + 1 :] if (one + two) % 3 == 0
        ]
        told = {"found": ", ".join(map(str, pairs)), "n": len(pairs)}
        return [
            Step("pairs", slots=told),
            Step("cases", f"{len(pairs)} × 2 = {2 * len(pairs)}"),
        ], 2 * len(pairs)
    chosen = [one for one in digits if _fits(10 * one + 1 if asked == "larger" else one, asked, limit)]
    place = "tens" if asked == "larger" else "ones"
    told = {"found": ", ".join(map(str, chosen)), "n": len(chosen)}
    cases = len(chosen) * (n - 1)
    return [
        Step(f"{place}_digit", slots=told),
        Step("cases", f"{len(chosen)} × {n - 1} = {cases}"),
    ], cases


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    shown = words["comma"].join(map(str, p["digits"]))
    condition = words[p["asked"]].replace("#", str(p.get("limit")))
    return {**p, "digits": shown, "n_cards": len(p["digits"]), "condition": condition}


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("enumeration", "choices"), slots=_slots)
