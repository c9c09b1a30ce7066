"""Workers who need so long alone, and how long they need together: 仕事算.

Level 1 lets two work together to the end, level 2 lets one of two leave, level 3 lets one of three leave.

Source: ours; 仕事算 is a standing type of Japanese entrance examinations. Its oldest kin are the cisterns and the reapers of
the 九章算術, chapter 6.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from math import gcd, lcm

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked, show

_LONGEST = {"fence": 30, "weeds": 36, "paper_cranes": 60, "letters": 120, "shelves": 90}
"""In the scene's unit: the longest time that one worker takes alone."""
_FORMS = ("together", "one_leaves", "one_of_three_leaves")
_NAMES = ("first", "second", "third")


@cache
def _cases(n: int, *, to_the_end: bool) -> tuple[tuple[tuple[int, ...], int, int], ...]:
    """Return rates of n workers, the least amount of work that comes out even, and the unit of the time that is shared."""
    found = []
    for rates in product(range(1, 6), repeat=n):
        total = sum(rates)
        left = total if to_the_end else total - rates[0]
        whole, unit = lcm(*rates, left), left // gcd(left, rates[0])
        if not to_the_end:
            whole *= total * unit // whole + 1
        if gcd(*rates) == 1 and len(set(rates)) > 1 and whole <= 30 * min(rates):
            found.append((rates, whole, unit))
    return tuple(found)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw how fast each one is, and an amount of work for which all times come out even."""
    scene = draw.choose(tuple(_LONGEST))
    n = 3 if level == len(_FORMS) else 2
    rates, least, unit = draw.choose(_cases(n, to_the_end=level == 1))
    low = -(-4 * max(rates) // least)
    whole = least * draw.between(low, max(low, _LONGEST[scene] * min(rates) // least))
    found: dict[str, Json] = {
        "scene": scene,
        "form": _FORMS[level - 1],
        "people": draw.sample(range(36), n),
        **{f"{name}_alone": whole // rate for name, rate in zip(_NAMES, rates, strict=False)},
    }
    if level > 1:
        found["shared"] = unit * draw.between(1, (whole - 1) // (sum(rates) * unit))
    return found


def solve(p: Parameters, method: str) -> Worked:
    """Take the whole for 1, or for a number that all times divide."""
    times = [p[f"{name}_alone"] for name in _NAMES if f"{name}_alone" in p]
    by_units = method == "units"
    whole = lcm(*times) if by_units else 1
    rates = [whole // time if by_units else Fraction(1, time) for time in times]
    total = sum(rates)
    steps = [Step(f"whole_of_{_number(times)}", slots={"whole": whole}) if by_units else Step("whole_is_one")]
    steps += [
        Step(f"{name}_rate", f"{whole} ÷ {time} = {show(rate)}")
        for name, time, rate in zip(_NAMES, times, rates, strict=False)
    ]
    steps.append(Step(f"{_number(times)}_rates", f"{' + '.join(map(show, rates))} = {show(total)}"))
    if "shared" not in p:
        answer = whole / total
        steps.append(Step("time", f"{whole} ÷ {show(total)} = {show(_even(answer))}"))
        return Worked(tuple(steps), _even(answer))
    done = total * p["shared"]
    rest, staying = whole - done, total - rates[0]
    steps.append(Step("done", f"{show(total)} × {p['shared']} = {show(done)}"))
    steps.append(Step("rest", f"{whole} - {show(done)} = {show(rest)}"))
    if len(times) > 2:  # noqa: PLR2004 - two stay
        steps.append(Step("staying_rates", f"{show(rates[1])} + {show(rates[2])} = {show(staying)}"))
    answer = _even(rest / staying)
    steps.append(Step("rest_time", f"{show(rest)} ÷ {show(staying)} = {show(answer)}"))
    return Worked(tuple(steps), answer)


def _number(times: list[int]) -> str:
    return "three" if len(times) > 2 else "two"  # noqa: PLR2004 - workers


def _even(value: Fraction | float) -> int:
    """Return a time that comes out even by the way it is drawn."""
    return int(value)


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("whole_as_one", "units"), scenes=tuple(_LONGEST)
)
