"""A string of letters and digits is changed step by step: reversed, turned, thinned out, letters replaced.

Level n has n + 1 operations, each on what the one before it left.

Source: the task string_manipulation of Reasoning Gym (Stojanovski et al. 2025); the operations are ours.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look alike: I, O, 1 and 0."""
_OPERATIONS = (
    "reverse",
    "to_the_end",
    "to_the_front",
    "replace",
    "remove",
    "odd_places",
    "swap_ends",
    "double_last",
)
_SHORTEST = 4
"""What has this many characters or fewer is not made shorter."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a string in which some characters are there twice, and the operations one after another."""
    signs = draw.sample(_SIGNS, draw.between(5, 6))
    text = "".join(draw.sample(signs + draw.sample(signs, 2), 8))
    operations: list[list[Json]] = []
    now, before = text, ""
    for _ in range(level + 1):
        idle = [before]
        if len(now) <= _SHORTEST:
            idle += ["remove", "odd_places"]
        if now[0] == now[-1]:
            idle += ["reverse", "swap_ends"]
        name = draw.choose([one for one in _OPERATIONS if one not in idle])
        operation: list[Json] = [name]
        if name in ("to_the_end", "to_the_front"):
            operation.append(draw.between(2, 3))
        elif name in ("replace", "remove"):
            operation.append(draw.choose(now))
        if name == "replace":
            operation.append(draw.choose("".join(sign for sign in _SIGNS if sign not in now)))
        if _changed(now, operation) == text:  # what is asked does not lead back to the beginning
            operation = ["double_last"]
        operations.append(operation)
        now, before = _changed(now, operation), operation[0]
    return {"text": text, "operations": operations}


def _changed(text: str, operation: list[Json]) -> str:
    name, *arguments = operation
    if name == "reverse":
        return text[::-1]
    if name == "to_the_end":
        return text[arguments[0] :] + text[: arguments[0]]
    if name == "to_the_front":
        return text[-arguments[0] :] + text[: -arguments[0]]
    if name == "replace":
        return text.replace(*arguments)
    if name == "remove":
        return text.replace(arguments[0], "")
    if name == "odd_places":
        return text[::2]
    if name == "swap_ends":
        return text[-1] + text[1:-1] + text[0]
    return text + text[-1]


def solve(p: Parameters, method: str) -> Worked:
    """Do one operation after another."""
    text, steps = p["text"], []
    for place, operation in enumerate(p["operations"], 1):
        before, text = text, _changed(text, operation)
        told: dict[str, object] = {"before": before, "after": text, "place": place}
        told |= dict(zip(("x", "y"), operation[1:], strict=False))
        steps.append(Step(f"{operation[0]}_{method}", slots=told))
    return Worked(tuple(steps), text)


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Write the operations as a numbered list."""
    lines = [
        f"{place}. " + words[name].format(**dict(zip(("x", "y"), arguments, strict=False)))
        for place, (name, *arguments) in enumerate(p["operations"], 1)
    ]
    return {"text": p["text"], "operations": "\n".join(lines)}


FAMILY = Family(kind="text", draw=draw, solve=solve, methods=("in_turn",), slots=slots)
