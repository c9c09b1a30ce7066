"""The fewest steps in which two jugs measure an amount: 油分け算.

Level 1 takes up to 4 steps, level 2 5 to 8, level 3 9 to 14. A jug is filled, emptied or poured into the other one; without
going back, water can only be passed on from the one jug to the other all the time, or the other way round.

Source: 吉田光由『塵劫記』 (1627), 油分け算, there with a third vessel in place of a tap; two jugs at a well: Perelman.
"""

from __future__ import annotations

from functools import cache
from math import gcd

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_STEPS = ((2, 4), (5, 8), (9, 14))
"""Fewest and most steps of each level."""
_LARGEST = 30
_SCENES = ("water", "oil", "juice")
_Way = list[tuple[str, int, int]]
"""What is done, and what the large and the small jug hold then."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw one of all triples of two jugs and an amount that take so many steps."""
    large, small, wanted = draw.choose(_triples(level))
    return {
        "scene": draw.choose(_SCENES),
        "people": draw.sample(range(36), 1),
        "large": large,
        "small": small,
        "wanted": wanted,
    }


@cache
def _triples(level: int) -> tuple[tuple[int, int, int], ...]:
    fewest, most = _STEPS[level - 1]
    pairs = (
        (large, small)
        for large in range(3, _LARGEST + 1)
        for small in range(2, large)
        if gcd(large, small) == 1
    )
    return tuple(
        (large, small, wanted)
        for large, small in pairs
        for wanted in range(1, large)
        if wanted != small
        and fewest <= min(len(_way(large, small, wanted, start)) for start in (0, 1)) <= most
    )


def _way(large: int, small: int, wanted: int, start: int) -> _Way:
    """Return the steps that pass on from the large jug to the small one (start 0), or the other way round."""
    size, other_size = (small, large) if start else (large, small)
    names = ("small", "large") if start else ("large", "small")
    held = other = 0
    way: _Way = []
    while wanted not in (held, other):
        if held == 0:
            what, held = f"fill_{names[0]}", size
        elif other == other_size:
            what, other = f"empty_{names[1]}", 0
        else:
            what = f"pour_{names[0]}"
            moved = min(held, other_size - other)
            held, other = held - moved, other + moved
        way.append((what, other, held) if start else (what, held, other))
    return way


def solve(p: Parameters, method: str) -> Worked:
    """Compare both ways: the shorter one in full, the other one by its length or until it is too long."""
    ways = [_way(p["large"], p["small"], p["wanted"], start) for start in (0, 1)]
    lengths = [len(way) for way in ways]
    found = min(lengths)
    best = lengths.index(found)
    steps = [Step("two_ways"), *_told(best, ways[best])]
    if method == "shorter_way" or lengths[0] == lengths[1]:
        steps.append(Step("lengths", slots={"from_large": lengths[0], "from_small": lengths[1]}))
        steps.append(Step("fewest", f"min({lengths[0]}, {lengths[1]}) = {found}"))
    else:
        steps += _told(1 - best, ways[1 - best][:found])
        steps.append(Step("not_yet", slots={"k": found}))
    return Worked(tuple(steps), found)


def _told(start: int, way: _Way) -> list[Step]:
    return [
        Step("pass_small" if start else "pass_large"),
        *(
            Step(what, slots={"k": k, "in_large": large, "in_small": small})
            for k, (what, large, small) in enumerate(way, 1)
        ),
    ]


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("shorter_way", "both_ways"), scenes=_SCENES)
