"""A list of numbers is put in order, by selection or by insertion.

Level 1 has five different numbers, level 2 some that are there twice and are to stay once, level 3 two such lists that are
brought together.

Source: Knuth, The Art of Computer Programming, vol. 3, 5.2.1 (insertion) and 5.2.3 (selection).
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_N = {1: 5, 2: 6, 3: 8}
_SCENES = ("tickets", "lockers", "bibs", "rooms")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw numbers that differ, and then which of them are there twice."""
    values = draw.sample(range(3, 100), _N[level])
    direction = draw.choose(("up", "down"))
    parameters: dict[str, Json] = {"scene": draw.choose(_SCENES), "values": values}
    if level == 1:
        return {**parameters, "form": f"sort_{direction}"}
    if level == 2:  # noqa: PLR2004 - of three
        values = draw.sample(values + draw.sample(values, 2), 8)
        return {**parameters, "values": values, "form": f"once_{direction}"}
    first, second = values[:4], values[4:]
    return {
        **parameters,
        "values": draw.sample([*first, draw.choose(second)], 5),
        "others": draw.sample([*second, draw.choose(first)], 5),
        "form": f"merge_{direction}",
    }


def solve(p: Parameters, method: str) -> Worked:
    """Take out the next one, again and again, or put each one into its place."""
    values, steps = p["values"], []
    if "others" in p:
        values = values + p["others"]
        steps.append(Step("together", slots={"list": _joined(values)}))
    once = list(dict.fromkeys(values))
    if len(once) < len(values):
        steps.append(Step("once", slots={"list": _joined(once)}))
    down = p["form"].endswith("down")
    ordered = sorted(once, reverse=down)
    if method == "selection":
        name, goal = ("max", "next_down") if down else ("min", "next_up")
        rest = list(once)
        for value in ordered[:-1]:
            steps.append(Step(goal, f"{name}({_joined(rest)}) = {value}"))
            rest.remove(value)
        steps.append(Step("last", slots={"left": rest[0], "list": _joined(ordered)}))
        return Worked(tuple(steps), ordered)
    for n in range(1, len(once)):
        placed = sorted(once[: n + 1], reverse=down)
        steps.append(Step("inserted", slots={"new": once[n], "list": _joined(placed)}))
    return Worked(tuple(steps), ordered)


def _joined(values: list[int]) -> str:
    return ", ".join(map(str, values))


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Join the lists."""
    told = {"list": words["comma"].join(map(str, p["values"]))}
    if "others" in p:
        told["others"] = words["comma"].join(map(str, p["others"]))
    return told


FAMILY = Family(
    kind="numbers", draw=draw, solve=solve, methods=("selection", "insertion"), scenes=_SCENES, slots=slots
)
