"""The smallest number above a limit that leaves given remainders: 百五減算, 孫子の剰余.

Level 1 leaves the same remainder by two divisors, level 2 two different ones, level 3 has three divisors.

Source: 孫子算経 (Sunzi Suanjing), vol. 3, problem 26; 吉田光由『塵劫記』 (百五減).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_FORMS = {1: "same", 2: "two", 3: "three"}
_PAIRS = tuple((m, n) for m in range(4, 16) for n in range(4, 16) if math.gcd(m, n) == 1)
_TRIPLES = tuple((m, n, k) for m, n in _PAIRS for k in range(3, 12) if m < n < k and math.gcd(m * n, k) == 1)
_KEYS = ("first", "second", "third")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw divisors without a common factor, remainders that are not met at once, and a limit above the first answer."""
    form = _FORMS[level]
    moduli = draw.choose(_TRIPLES if form == "three" else _PAIRS)
    period = math.prod(moduli)
    parameters: dict[str, Json] = {"form": form, **dict(zip(_KEYS, moduli, strict=False))}
    if form == "same":
        parameters |= {"rest": draw.between(1, min(moduli) - 1)}
    else:
        found, step = draw.between(1, moduli[0] - 1), moduli[0]
        rests = [found]
        for modulus in moduli[1:]:
            rests.append(draw.choose([rest for rest in range(1, modulus) if rest != found % modulus]))
            found = next(n for n in range(found, found + step * modulus, step) if n % modulus == rests[-1])
            step *= modulus
        parameters |= {f"{key}_rest": rest for key, rest in zip(_KEYS, rests, strict=False)}
    parameters["above"] = 10 * draw.between(period // 5 + 1, period // 5 + 300)
    return parameters


def solve(p: Parameters, method: str) -> Worked:
    """Look through the numbers with the first remainder, or put the number together from one multiple for each remainder."""
    moduli = [p[key] for key in _KEYS if key in p]
    rests = [p.get(f"{key}_rest", p.get("rest")) for key in _KEYS[: len(moduli)]]
    steps, least = (_by_listing if method == "listing" else _by_weights)(moduli, rests, p["form"] == "same")
    period = math.prod(moduli)
    above = p["above"]
    times, over = divmod(above - least, period)
    left = f" + {over}" if over else ""
    steps.append(Step("how_often", f"{above} - {least} = {period} × {times}{left}", {"period": period}))
    answer = least + period * (times + 1)
    steps.append(Step("answer", f"{least} + {period} × {times + 1} = {answer}"))
    return Worked(tuple(steps), answer)


def _by_listing(moduli: Sequence[int], rests: Sequence[int], same: bool) -> tuple[list[Step], int]:  # noqa: FBT001 - both ways have it
    period = moduli[0]
    least = rests[0]
    if same:
        told = {"m": moduli[0], "n": moduli[1], "least": least}
        return [Step("taken_away", slots=told), _period(moduli[0], moduli[1])], least
    steps = []
    for modulus, rest in zip(moduli[1:], rests[1:], strict=True):
        start, found = least, least
        while found % modulus != rest:
            found += period
        row = ", ".join(map(str, range(start, found + 1, period)))
        steps += [
            Step("row", slots={"row": row, "period": period, "start": start}),
            Step("check", f"{found} = {modulus} × {found // modulus} + {rest}", {"n": modulus, "rest": rest}),
            _period(period, modulus),
        ]
        least, period = found, period * modulus
    return steps, least


def _period(one: int, other: int) -> Step:
    return Step("period", f"{one} × {other} = {one * other}", {"m": one, "n": other})


def _by_weights(moduli: Sequence[int], rests: Sequence[int], _: bool) -> tuple[list[Step], int]:  # noqa: FBT001 - both ways have it
    period = math.prod(moduli)
    steps, parts = [], []
    for modulus, rest in zip(moduli, rests, strict=True):
        others = [other for other in moduli if other != modulus]
        unit = period // modulus
        times = pow(unit, -1, modulus)
        weight = unit * times
        key, *more = ("weight", others[0]) if len(others) == 1 else ("weight_of_three", *others)
        equation = f"{unit} × {times} = {weight} = {modulus} × {weight // modulus} + 1"
        steps.append(Step(str(key), equation, {"n": modulus, **dict(zip("mk", more, strict=False))}))
        parts.append((weight, rest))
    total = sum(weight * rest for weight, rest in parts)
    steps.append(Step("total", " + ".join(f"{weight} × {rest}" for weight, rest in parts) + f" = {total}"))
    steps.append(Step("fits_all"))
    steps.append(Step("all_periods", f"{' × '.join(map(str, moduli))} = {period}"))
    least = total % period
    if total > period:
        steps.append(Step("reduced", f"{total} - {period} × {total // period} = {least}", {"n": period}))
    return steps, least


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("listing", "weights"))
