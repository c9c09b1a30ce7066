"""A line of numbered people changes step by step; who stands where at the end?

Levels have 3, 5 and 7 changes.

Source: Knuth, The Art of Computer Programming, vol. 1, 2.2.1 (queues); the changes are those of real lines.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_SCENES = ("clinic", "bank", "bakery", "ramen", "post_office")
_CHANGES = ("come", "come", "served", "served", "leave", "swap", "let_in")
_FEWEST = 4
"""People in a line that nobody leaves any more."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw who stands in the line, and each change so that it can happen."""
    numbers = draw.sample(range(11, 90), 5 + 2 * level + 1)
    line, new = numbers[:5], numbers[5:]
    changes: list[list[Json]] = []
    now = list(line)
    for _ in range(2 * level + 1):
        name = draw.choose(_CHANGES)
        if name in ("served", "leave") and len(now) <= _FEWEST:
            name = "come"
        change: list[Json] = [name]
        if name in ("come", "let_in"):
            change.append(new.pop())
        elif name == "leave":
            change.append(now[draw.between(1, len(now) - 1)])
        if name == "let_in":
            change.append(draw.between(2, len(now)))
        elif name == "swap":
            first = draw.between(1, len(now) - 2)
            change += [first, draw.between(first + 1, len(now))]
        changes.append(change)
        _change(now, change)
    return {"scene": draw.choose(_SCENES), "line": line, "changes": changes}


def _change(line: list[int], change: list[Json]) -> None:
    name, *arguments = change
    if name == "come":
        line.append(arguments[0])
    elif name == "served":
        line.pop(0)
    elif name == "leave":
        line.remove(arguments[0])
    elif name == "let_in":
        line.insert(arguments[1] - 1, arguments[0])
    else:
        first, second = arguments[0] - 1, arguments[1] - 1
        line[first], line[second] = line[second], line[first]


def solve(p: Parameters, method: str) -> Worked:  # noqa: ARG001 - the contract's form
    """Write the line down after each change."""
    line, steps = list(p["line"]), []
    for place, change in enumerate(p["changes"], 1):
        first = line[0]
        _change(line, change)
        told: dict[str, object] = {"turn": place, "first": first, "list": ", ".join(map(str, line))}
        told |= dict(zip(("x", "y"), change[1:], strict=False))
        steps.append(Step(f"after_{change[0]}", slots=told))
    return Worked(tuple(steps), line)


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Join the line, and write the changes as a numbered list."""
    lines = [
        f"{place}. " + words[name].format(**dict(zip(("x", "y"), arguments, strict=False)))
        for place, (name, *arguments) in enumerate(p["changes"], 1)
    ]
    return {"line": words["comma"].join(map(str, p["line"])), "changes": "\n".join(lines)}


FAMILY = Family(kind="numbers", draw=draw, solve=solve, methods=("in_turn",), scenes=_SCENES, slots=slots)
