"""How many swaps of neighbours put a row in order? As many as there are pairs in the wrong order (転倒数).

Levels have four, five and six to seven numbers.

Source: Knuth, The Art of Computer Programming, vol. 3, 5.1.1 (inversions) and 5.2.2 (exchange sorting).
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_SIZES = {1: (4, 4), 2: (5, 5), 3: (6, 7)}
_SCENES = ("cards", "books", "lockers", "lanterns")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw different numbers that are not in order."""
    values = draw.sample(range(1, 100), draw.between(*_SIZES[level]))
    if values == sorted(values):
        values.reverse()
    return {"scene": draw.choose(_SCENES), "values": values}


def solve(p: Parameters, method: str) -> Worked:
    """Count the smaller numbers behind each one, or bring one number after another to its place."""
    values = p["values"]
    steps, counts = [], []
    if method == "inversions":
        for place, value in enumerate(values[:-1]):
            smaller = [later for later in values[place + 1 :] if later < value]
            counts.append(len(smaller))
            told = {"value": value, "smaller": ", ".join(map(str, smaller)), "n": len(smaller)}
            steps.append(Step("smaller_behind" if smaller else "none_smaller", slots=told))
    else:
        row = list(values)
        for place, value in enumerate(sorted(values)[:-1]):
            n = row.index(value) - place
            row.insert(place, row.pop(place + n))
            counts.append(n)
            told = {"value": value, "n": n, "row": ", ".join(map(str, row)), "place": place + 1}
            steps.append(Step("brought" if n else "stays", slots=told))
    total = sum(counts)
    steps.append(Step("swaps", f"{' + '.join(map(str, counts))} = {total}"))
    return Worked(tuple(steps), total)


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Join the row."""
    return {"list": words["comma"].join(map(str, p["values"]))}


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("inversions", "one_by_one"),
    scenes=_SCENES,
    slots=slots,
)
