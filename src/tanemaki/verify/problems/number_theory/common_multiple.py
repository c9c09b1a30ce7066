"""The greatest common divisor and the least common multiple in stories: 最大公約数・最小公倍数.

Level 1 shares or cuts (greatest common divisor of two), level 2 meets or tiles (least common multiple of two), level 3 has
three numbers.

Source: 小学校学習指導要領 算数 第5学年 (約数と倍数); Euclid, Elements VII, propositions 2 and 34.
"""

from __future__ import annotations

import math
from collections import Counter

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked
from tanemaki.verify.problems.number_theory._primes import prime_factors, product
from tanemaki.verify.problems.wording import people

_FORMS = {1: ("share", "cut"), 2: ("bus", "tile"), 3: ("buses", "share_three")}
_SCENES = ("sweets", "pens", "fruit", "beads")
_COMPOSITES = (4, 6, 8, 9, 10, 12, 14, 15, 16, 18, 20, 21, 24, 25, 27, 28)
_COPRIME = tuple((u, v) for u in range(2, 20) for v in range(2, 20) if math.gcd(u, v) == 1)
_SHEETS = tuple(
    (unit * u, unit * v)
    for unit in _COMPOSITES
    for u, v in _COPRIME
    if min(unit * u, unit * v) >= 24 and unit * max(u, v) <= 360  # noqa: PLR2004 - cm
)
_TRIPLES = tuple(
    (u, v, w)
    for u in range(2, 19)
    for v in range(2, 19)
    for w in range(2, 19)
    if len({u, v, w}) == 3 and math.gcd(u, v) > math.gcd(u, v, w) == 1  # noqa: PLR2004 - three kinds
)
_PAIRS = tuple(
    (m, n) for m in range(6, 61) for n in range(6, 61) if 1 < math.gcd(m, n) < min(m, n) and m != n
)
_TILES = tuple(pair for pair in _PAIRS if math.lcm(*pair) <= 720)  # noqa: PLR2004 - cm
_INTERVALS = tuple(pair for pair in _PAIRS if max(pair) <= 40)  # noqa: PLR2004 - minutes between two buses
_LINES = tuple(
    (m, n, k)
    for m in range(6, 31)
    for n in range(6, 31)
    for k in range(6, 31)
    if len({m, n, k}) == 3 and math.gcd(m, n) > 1 and math.lcm(m, n) % k and math.lcm(m, n, k) <= 720  # noqa: PLR2004 - three lines, half a day
)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the story and its numbers; what is shared has a common divisor that is no prime."""
    form = draw.choose(_FORMS[level])
    parameters: dict[str, Json] = {"form": form}
    if form in ("bus", "buses"):
        numbers = draw.choose(_INTERVALS if form == "bus" else _LINES)
        parameters |= {"hour": draw.between(5, 9), "minute": 5 * draw.between(2, 11)}
    elif form == "tile":
        numbers = draw.choose(_TILES)
    elif form == "cut":
        numbers = draw.choose(_SHEETS)
    else:
        unit = draw.choose(_COMPOSITES)
        numbers = tuple(unit * one for one in draw.choose(_TRIPLES if form == "share_three" else _COPRIME))
    if form in ("share", "share_three"):
        parameters["scene"] = draw.choose(_SCENES)
    if form not in ("bus", "buses"):
        parameters["people"] = [draw.below(len(people("ja")))]
    return parameters | dict(zip(("first", "second", "third"), numbers, strict=False))


def solve(p: Parameters, method: str) -> Worked:
    """Divide until nothing is left, or take the numbers apart into primes."""
    numbers = [p[key] for key in ("first", "second", "third") if key in p]
    wants_multiple = p["form"] in ("bus", "buses", "tile")
    ways = _by_euclid if method == "euclid" else _by_primes
    more, found = ways(numbers, wants_multiple=wants_multiple)
    steps = [Step(f"why_{p['form']}"), *more]
    if p["form"] != "share_three":
        return Worked(tuple(steps), found)
    shares = [number // found for number in numbers]
    for key, m, n in zip(("one", "two", "three"), numbers, shares, strict=True):
        steps.append(Step(f"share_of_{key}", f"{m} ÷ {found} = {n}"))
    steps.append(Step("in_all", f"{shares[0]} + {shares[1]} + {shares[2]} = {sum(shares)}"))
    return Worked(tuple(steps), sum(shares))


def _by_euclid(numbers: list[int], *, wants_multiple: bool) -> tuple[list[Step], int]:
    steps: list[Step] = []
    so_far = numbers[0]
    for number in numbers[1:]:
        high, low = max(so_far, number), min(so_far, number)
        divisor = math.gcd(high, low)
        told = {"m": so_far, "n": number}
        while low:
            rest = high % low
            left = f" + {rest}" if rest else ""
            step = Step("division", f"{high} = {low} × {high // low}{left}", {"m": high, "n": low})
            if step not in steps:
                steps.append(step)
            high, low = low, rest
        steps.append(Step("divisor_found", slots={**told, "g": divisor}))
        if wants_multiple:
            multiple = so_far * number // divisor
            steps.append(Step("multiple", f"{so_far} × {number} ÷ {divisor} = {multiple}", told))
            so_far = multiple
        else:
            so_far = divisor
    return steps, so_far


def _by_primes(numbers: list[int], *, wants_multiple: bool) -> tuple[list[Step], int]:
    factors = [prime_factors(number) for number in numbers]
    steps = [
        Step("factorised", f"{number} = {product(of)}", {"m": number})
        if len(of) > 1
        else Step("prime", slots={"m": number})
        for number, of in zip(numbers, factors, strict=True)
    ]
    taken = Counter(factors[0])
    for of in factors[1:]:
        taken = taken | Counter(of) if wants_multiple else taken & Counter(of)
    primes = sorted(taken.elements())
    found = math.prod(primes)
    steps.append(Step("all_primes" if wants_multiple else "shared_primes", f"{product(primes)} = {found}"))
    return steps, found


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("euclid", "prime_factors"),
    scenes=_SCENES,
)
