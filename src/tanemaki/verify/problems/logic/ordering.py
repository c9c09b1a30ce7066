"""Who is in which place? An order that follows from clues about places and distances: 順位・並び方の推理.

Level 1 has four people, level 2 five, level 3 six. Each clue places one more person, the last two are told apart by who
comes first, so that exactly one order fits; the clues are shuffled.

Source: ours; order puzzles stand in every book of 推理算.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_LETTERS = "abcdef"
_SCENES = ("race", "queue", "height", "concert")
_FARTHEST = 3
"""Places between two people that a clue still counts."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the order, and a clue for each person after another one who is placed already."""
    n = level + 3
    order = draw.sample(_LETTERS[:n], n)
    place = {who: k for k, who in enumerate(order, 1)}
    waiting = draw.sample(order, n)
    first, *others, left, right = waiting
    clues: list[Json] = [
        ["last", first] if place[first] == n and draw.below(2) else ["at", first, place[first]]
    ]
    known = [first]
    for who in others:
        near = [one for one in known if abs(place[one] - place[who]) <= _FARTHEST]
        if near:
            other = draw.choose(near)
            apart = place[who] - place[other]
            clues.append(["behind", who, other, apart] if apart > 0 else ["ahead", who, other, -apart])
        else:
            clues.append(["at", who, place[who]])
        known.append(who)
    one, two = sorted((left, right), key=place.__getitem__)
    clues.append(["before", one, two])
    said = {clue[1] for clue in clues if clue[0] == "at"}  # too easy to ask for
    return {
        "scene": draw.choose(_SCENES),
        "people": draw.sample(range(36), n),
        "clues": draw.sample(clues, n),
        "asked": place[
            draw.choose((one, two) if draw.below(2) else [who for who in others if who not in said])
        ],
    }


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Return the names and the clues as sentences, in one line or a list of lines."""
    told = []
    for kind, *rest in p["clues"]:
        names = [words[one] for one in rest if isinstance(one, str)]
        number = rest[-1] if isinstance(rest[-1], int) else 0
        key = f"next_{kind}" if number == 1 and kind != "at" else kind
        told.append(words[f"clue_{key}"].format(*names, number=number))
    names = [words[_LETTERS[k]] + words["title"] for k in range(len(p["people"]))]
    return {
        "ask": words["ask"].format(asked=p["asked"]),
        "names": words["comma"].join(names[:-1]) + words["last"] + names[-1],
        "clues": words["inline"].join(told)
        if p["frame"] % 2
        else "\n".join(f"{words['bullet']}{one}" for one in told),
        "n": len(p["people"]),
    }


def solve(p: Parameters, method: str) -> Worked:
    """Find one place after the other until the asked one, as numbers or as a row that fills up."""
    n = len(p["people"])
    place, steps = _places(p["clues"], n)
    found = next(who for who, k in place.items() if k == p["asked"])
    needed = list(place).index(found) + 1
    if method == "row":
        *_, last_two = steps
        steps = []
        row: list[str] = ["□"] * n
        for who, k in place.items():
            row[k - 1] = Who(who)
            if len(steps) == n - 2:
                steps.append(last_two)
            steps.append(
                Step(f"row_{n}", slots={"x": Who(who), **{f"p{at}": one for at, one in enumerate(row, 1)}})
            )
        needed += needed > n - 2
    steps = [*steps[:needed], Step("found", slots={"x": Who(found)})]
    return Worked(tuple(steps), found)


def _places(clues: Sequence[Sequence[Json]], n: int) -> tuple[dict[str, int], list[Step]]:
    place: dict[str, int] = {}
    steps = []
    waiting = [clue for clue in clues if clue[0] != "before"]
    while waiting:
        kind, who, *rest = next(clue for clue in waiting if clue[0] in ("at", "last") or clue[2] in place)
        waiting = [clue for clue in waiting if clue[1] != who]
        if kind in ("at", "last"):
            place[who] = n if kind == "last" else rest[0]
            steps.append(Step(f"start_{kind}", slots={"x": Who(who), "k": place[who]}))
            continue
        other, apart = rest
        place[who] = place[other] + (apart if kind == "behind" else -apart)
        sign = "+" if kind == "behind" else "-"
        steps.append(
            Step("place", f"{place[other]} {sign} {apart} = {place[who]}", {"x": Who(who), "y": Who(other)})
        )
    one, two = next(clue[1:] for clue in clues if clue[0] == "before")
    place[one], place[two] = (k for k in range(1, n + 1) if k not in place.values())
    told = {"x": Who(one), "y": Who(two), "k": place[one], "l": place[two]}
    return place, [*steps, Step("two_left", slots=told)]


FAMILY = Family(
    kind="name",
    draw=draw,
    solve=solve,
    methods=("numbers", "row"),
    scenes=_SCENES,
    slots=slots,
    known=("n", "people"),
)
