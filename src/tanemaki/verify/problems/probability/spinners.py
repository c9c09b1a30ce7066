"""Two wheels with unequal sectors: a sum, or who has the larger number.

The level is the number of sectors: two and two, two and three, three and three.

Source: ours; outcomes that are not equally likely, as 高等学校 数学A asks for them to be told from those that are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import gcd

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked
from tanemaki.verify.problems.probability._chances import lowest, quotient

_PEOPLE = range(36)
_UNIT_DEGREES = 15
_UNITS = 24


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the sectors of both wheels, and an event that some pairs of sectors have and others have not."""
    first = _wheel(draw, 2 + level // 3)
    second = _wheel(draw, 2 + level // 2)
    pairs = [(one, two) for one, _ in first for two, _ in second]
    told: dict[str, Json] = {"first": first, "second": second, "people": draw.sample(_PEOPLE, 2)}
    n_larger = sum(one > two for one, two in pairs)
    if 0 < n_larger < len(pairs) and draw.below(3) == 0:
        return {**told, "form": "larger"}
    sums = sorted({one + two for one, two in pairs})
    if draw.below(2):
        return {**told, "form": "exactly", "limit": draw.choose(sums)}
    return {**told, "form": "at_least", "limit": draw.choose(sums[1:])}


def _wheel(draw: Draw, n: int) -> list[list[int]]:
    """Return numbers with their angles."""
    cuts = [0, *sorted(draw.sample(range(2, _UNITS - 1, 2), n - 1)), _UNITS]
    shift = draw.below(2)
    angles = [(high - low) * _UNIT_DEGREES for low, high in pairwise(cuts)]
    angles[0] += shift * _UNIT_DEGREES
    angles[-1] -= shift * _UNIT_DEGREES
    return [[one, angle] for one, angle in zip(sorted(draw.sample(range(1, 10), n)), angles, strict=True)]


def solve(p: Parameters, method: str) -> Worked:
    """Multiply the chances of the sectors, or count pairs of equal small sectors."""
    found = [(one, two) for one in p["first"] for two in p["second"] if _fits(p, one[0], two[0])]
    steps, parts, answer = (_multiply if method == "multiplication" else _split)(p, found)
    if len(parts) > 1:
        goal = "chance" if method == "multiplication" else "cases"
        steps.append(Step(goal, f"{' + '.join(parts)} = {answer}"))
    if method == "equal_sectors":
        total = _n_small(p["first"]) * _n_small(p["second"])
        steps.append(Step("chance", quotient(int(answer), total)))
        answer = lowest(int(answer), total)
    return Worked(tuple(steps), answer)


def _fits(p: Parameters, one: int, two: int) -> bool:
    if p["form"] == "larger":
        return one > two
    limit: int = p["limit"]
    return one + two == limit or (one + two > limit and p["form"] == "at_least")


def _multiply(
    p: Parameters, found: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> tuple[list[Step], list[str], str]:
    steps = []
    for key, at in (("first", 0), ("second", 1)):
        for number, angle in p[key]:
            if any(pair[at][0] == number for pair in found):
                steps.append(Step(f"chance_{key}", quotient(angle, 360), {"one": number}))
    parts = []
    for (one, angle), (two, angle_two) in found:
        parts.append(lowest(angle * angle_two, 129600))
        told = {"one": one, "two": two}
        equation = f"{lowest(angle, 360)} × {lowest(angle_two, 360)} = {parts[-1]}"
        steps.append(Step("chance_pair", equation, told))
    return steps, parts, str(sum(map(Fraction, parts)))


def _split(
    p: Parameters, found: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> tuple[list[Step], list[str], str]:
    small = [360 // _n_small(p[key]) for key in ("first", "second")]
    n_first, n_second = 360 // small[0], 360 // small[1]
    steps = [
        Step("small_first", f"360 ÷ {small[0]} = {n_first}", {"small": small[0]}),
        Step("small_second", f"360 ÷ {small[1]} = {n_second}", {"small": small[1]}),
        Step("all", f"{n_first} × {n_second} = {n_first * n_second}"),
    ]
    parts = []
    for (one, angle), (two, angle_two) in found:
        here, there = angle // small[0], angle_two // small[1]
        parts.append(str(here * there))
        equation = f"({angle} ÷ {small[0]}) × ({angle_two} ÷ {small[1]}) = {here} × {there} = {here * there}"
        steps.append(Step("cases_pair", equation, {"one": one, "two": two}))
    return steps, parts, str(sum(map(int, parts)))


def _n_small(wheel: Sequence[Sequence[int]]) -> int:
    return 360 // gcd(*(angle for _, angle in wheel))


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    told = {}
    for key in ("first", "second"):
        parts = [words["sector"].replace("#", str(one)).replace("@", str(angle)) for one, angle in p[key]]
        told[key] = words["comma"].join(parts[:-1]) + words["before_last"] + parts[-1]
    return {**p, **told, "condition": words[p["form"]].replace("#", str(p.get("limit"))).format_map(words)}


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("multiplication", "equal_sectors"), slots=_slots
)
