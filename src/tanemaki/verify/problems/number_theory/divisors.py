"""How many divisors a number has, and what they add up to: 約数の個数と総和.

Level 1 counts the ways to share evenly, level 2 counts the divisors that are multiples of a number, level 3 adds them up.

Source: 高等学校学習指導要領 数学A (数学と人間の活動: 約数と倍数); Euclid, Elements IX, proposition 36, for the sum.
"""

from __future__ import annotations

import math
from collections import Counter

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked
from tanemaki.verify.problems.number_theory._primes import prime_factors, product
from tanemaki.verify.problems.wording import people

_FORMS = {1: "share", 2: "multiples", 3: "multiples_sum"}
_SCENES = ("pencils", "sweets", "cards", "mandarins")


def _numbers(high: int, n_primes: int) -> tuple[int, ...]:
    """Return the numbers of which the divisors can be written down: so many primes, at most 20 divisors, no squares."""
    found = []
    for n in range(12, high + 1):
        powers = Counter(prime_factors(n))
        n_divisors = math.prod(power + 1 for power in powers.values())
        if len(powers) == n_primes and max(powers) <= 47 and 6 <= n_divisors <= 20 and n_divisors % 2 == 0:  # noqa: PLR2004 - by hand
            found.append(n)
    return tuple(found)


_CHOICES = {1: _numbers(1200, 2), 2: (*_numbers(1000, 2), *_numbers(700, 3)), 3: _numbers(1500, 3)}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a number, and one that its divisors must be multiples of."""
    number = draw.choose(_CHOICES[level])
    form = _FORMS[level]
    if form == "share":
        taken = draw.between(2, 60)
        return {
            "form": form,
            "total": number + taken,
            "taken": taken,
            "scene": draw.choose(_SCENES),
            "people": [draw.below(len(people("ja")))],
        }
    factor = draw.between(2, 240)
    return {"form": form, "number": number * factor, "factor": factor}


def solve(p: Parameters, method: str) -> Worked:
    """Choose how often each prime is taken, or write down the pairs."""
    steps = []
    if p["form"] == "share":
        factor, rest = 1, p["total"] - p["taken"]
        steps.append(Step("left", f"{p['total']} - {p['taken']} = {rest}"))
        steps.append(Step("why_divisors", slots={"m": rest}))
    else:
        number, factor = p["number"], p["factor"]
        rest = number // factor
        steps.append(Step("rest", f"{number} ÷ {factor} = {rest}"))
        steps.append(Step("one_each", slots={"m": rest}))
    wants_sum = p["form"] == "multiples_sum"
    more, answer = (_by_primes if method == "prime_factors" else _by_pairs)(rest, wants_sum)
    steps += more
    if wants_sum:
        steps.append(Step("all_times", f"{answer} × {factor} = {answer * factor}"))
        answer *= factor
    return Worked(tuple(steps), answer)


def _by_primes(n: int, wants_sum: bool) -> tuple[list[Step], int]:  # noqa: FBT001 - both ways have it
    factors = prime_factors(n)
    steps = [Step("factorised", f"{n} = {product(factors)}", {"m": n})]
    found = []
    for prime, power in sorted(Counter(factors).items()):
        if wants_sum:
            powers = [prime**k for k in range(power + 1)]
            found.append(sum(powers))
            steps.append(Step("powers", f"{' + '.join(map(str, powers))} = {found[-1]}", {"n": prime}))
        else:
            found.append(power + 1)
            steps.append(Step("choices", f"{power} + 1 = {power + 1}", {"n": prime, "k": power}))
    key = "sum" if wants_sum else "count"
    steps.append(Step(key, f"{product(found)} = {math.prod(found)}", {"m": n}))
    return steps, math.prod(found)


def _by_pairs(n: int, wants_sum: bool) -> tuple[list[Step], int]:  # noqa: FBT001 - both ways have it
    small = [one for one in range(1, math.isqrt(n) + 1) if n % one == 0]
    steps = [Step("pair", f"{one} × {n // one} = {n}", {"m": n, "k": k}) for k, one in enumerate(small, 1)]
    if wants_sum:
        every = [*small, *(n // one for one in reversed(small))]
        steps.append(Step("sum", f"{' + '.join(map(str, every))} = {sum(every)}", {"m": n}))
        return steps, sum(every)
    steps.append(Step("count", f"{len(small)} × 2 = {2 * len(small)}", {"m": n}))
    return steps, 2 * len(small)


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("prime_factors", "listing"), scenes=_SCENES)
