"""The largest or smallest of several numbers that are drawn and put back: 最大値・最小値の確率.

Level 1 asks for a largest number of at most m (or a smallest of at least m), level 2 for a largest (smallest) of exactly m,
level 3 for both at once.

Source: 高等学校学習指導要領 数学A (independent trials); the classic of Japanese university entrance papers.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked
from tanemaki.verify.problems.probability._chances import lowest, quotient

_SCENES = ("cards", "balls", "wheel")
_PEOPLE = range(36)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw how many numbers there are, how often one is drawn, and the limits."""
    sides, times = draw.between(8, 30), draw.between(2, 3)
    told: dict[str, Json] = {"scene": draw.choose(_SCENES), "sides": sides, "times": times}
    told["people"] = [draw.choose(_PEOPLE)]
    if level == 3:  # noqa: PLR2004 - the last level
        low = draw.between(1, sides - 4)
        return {**told, "asked": "both", "low": low, "high": draw.between(low + 2, sides)}
    asked = draw.choose(("largest", "smallest"))
    limit = draw.between(3, sides - 2)
    if level == 1:
        return {**told, "asked": "at_most" if asked == "largest" else "at_least", "limit": limit}
    return {**told, "asked": asked, "limit": limit}


def solve(p: Parameters, method: str) -> Worked:
    """Count the draws, or multiply chances, within the limits; take those away that keep clear of a limit."""
    sides, times, asked = p["sides"], p["times"], p["asked"]
    within = _within(p)
    cases = [width**times for _, width in within]
    total = sides**times
    n = cases[0] if len(within) == 1 else cases[0] - cases[1]
    if asked == "both":
        n = cases[0] - cases[1] - cases[2] + cases[3]
    steps = []
    if method == "counting":
        steps.append(Step("all", f"{' × '.join([str(sides)] * times)} = {total}"))
        for (bounds, width), found in zip(within, cases, strict=True):
            steps.append(Step("within", f"{' × '.join([str(width)] * times)} = {found}", _told(bounds)))
        if len(within) > 1:
            steps.append(Step("cases", f"{_joined([str(found) for found in cases])} = {n}"))
        steps.append(Step("chance", quotient(n, total)))
    else:
        for (bounds, width), found in zip(within, cases, strict=True):
            one = lowest(width, sides)
            steps.append(
                Step("chance_within", f"{' × '.join([one] * times)} = {lowest(found, total)}", _told(bounds))
            )
        if len(within) > 1:
            parts = [lowest(found, total) for found in cases]
            steps.append(Step("chance", f"{_joined(parts)} = {lowest(n, total)}"))
    return Worked(tuple(steps), lowest(n, total))


def _within(p: Parameters) -> list[tuple[tuple[int, int], int]]:
    """Return the ranges whose draws are counted, each with its width; the first holds all others."""
    sides, asked = p["sides"], p["asked"]
    if asked == "both":
        low, high = p["low"], p["high"]
        bounds = [(low, high), (low + 1, high), (low, high - 1), (low + 1, high - 1)]
    else:
        limit = p["limit"]
        bounds = [(1, limit)] if asked in ("at_most", "largest") else [(limit, sides)]
        if asked == "largest":
            bounds.append((1, limit - 1))
        if asked == "smallest":
            bounds.append((limit + 1, sides))
    return [((first, last), last - first + 1) for first, last in bounds]


def _told(bounds: tuple[int, int]) -> dict[str, int]:
    return {"first": bounds[0], "last": bounds[1]}


def _joined(parts: list[str]) -> str:
    return " - ".join(parts) if len(parts) == 2 else f"{parts[0]} - {parts[1]} - {parts[2]} + {parts[3]}"  # noqa: PLR2004 - two ranges


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    condition = words[p["asked"]]
    for name in ("limit", "low", "high"):
        condition = condition.replace(f"<{name}>", str(p.get(name, "")))
    return {**p, "condition": condition}


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("counting", "multiplication"),
    scenes=_SCENES,
    slots=_slots,
)
