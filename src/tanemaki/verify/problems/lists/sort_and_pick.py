"""The k-th largest or smallest number of a list, by striking out or by sorting.

Level 1 asks for the second of five, level 2 for the third of six or seven, level 3 for the fourth or fifth of eight or nine.

Source: Knuth, The Art of Computer Programming, vol. 3, 5.3.3 (minimum-comparison selection).
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_SIZES = {1: (5, 5), 2: (6, 7), 3: (8, 9)}
_SCENES = {"jump": (210, 399), "apple": (210, 380), "book": (96, 640), "run": (61, 119), "river": (102, 367)}
"""What is measured, from and to."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw numbers that all differ."""
    scene = draw.choose(tuple(_SCENES))
    low, high = _SCENES[scene]
    n = draw.between(*_SIZES[level])
    k = level + 1 if level < 3 else draw.between(4, 5)  # noqa: PLR2004 - of three
    values = draw.sample(range(low, high + 1), n)
    return {"scene": scene, "form": draw.choose(("largest", "smallest")), "k": k, "values": values}


def solve(p: Parameters, method: str) -> Worked:
    """Strike out the extreme k - 1 times, or sort and count."""
    values, k, form = list(p["values"]), p["k"], p["form"]
    ordered = sorted(values, reverse=form == "largest")
    answer = ordered[k - 1]
    if method == "sort":
        told = {"ordered": ", ".join(map(str, ordered)), "k": k, "found": answer}
        told["order"] = Who(f"order_{k}")
        return Worked((Step(f"sorted_{form}", slots=told), Step("picked", slots=told)), answer)
    name = "max" if form == "largest" else "min"
    steps = []
    for place in range(1, k + 1):
        listed = ", ".join(map(str, values))
        told = {"order": Who(f"order_{place}")}
        steps.append(Step(form, f"{name}({listed}) = {ordered[place - 1]}", told))
        values.remove(ordered[place - 1])
    return Worked(tuple(steps), answer)


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Join the list, and say the ordinal."""
    return {"list": words["comma"].join(map(str, p["values"])), "order": words[f"order_{p['k']}"]}


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("strike_out", "sort"), scenes=tuple(_SCENES), slots=slots
)
