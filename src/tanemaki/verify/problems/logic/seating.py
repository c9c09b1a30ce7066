"""Who sits where at a round table? 円卓の席の推理.

Level 1 has four people, level 2 six, level 3 eight. Seats are numbered from one person on; each clue seats one more
person and the last one takes the free seat, so that exactly one arrangement fits; the clues are shuffled.

Source: ours; the round table takes away the ends that help in a row, and counting goes on beyond the last seat.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_LETTERS = "abcdefgh"
_SCENES = ("dinner", "meeting", "game")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the seats, counted to the right, and a clue for each person but the first and the last."""
    n = 2 * level + 2
    order = draw.sample(_LETTERS[:n], n)
    seat = {who: k for k, who in enumerate(order)}
    waiting = draw.sample(order, n)
    known = waiting[:1]
    clues: list[Json] = []
    for who in waiting[1:-1]:
        other = draw.choose(known)
        apart = (seat[who] - seat[other]) % n
        if 2 * apart == n:
            clues.append(["opposite", who, other])
        elif 2 * apart < n:
            clues.append(["right", who, other, apart])
        else:
            clues.append(["left", who, other, n - apart])
        known.append(who)
    asked = _not_said(order, clues)
    if draw.below(3):
        asked = [one for one in asked if waiting[-1] in one]  # needs everybody
    where, of, _ = draw.choose(asked)
    return {
        "scene": draw.choose(_SCENES),
        "people": draw.sample(range(36), n),
        "clues": draw.sample(clues, n),
        "asked": where,
        "of": of,
    }


def _not_said(order: Sequence[str], clues: Sequence[Json]) -> list[tuple[str, str, str]]:
    """Return the questions (where, of whom) that no single clue answers, with their answers."""
    n = len(order)
    said = set()
    for kind, who, other, *apart in clues:
        if kind == "opposite":
            said |= {("opposite", other), ("opposite", who)}
        elif apart == [1]:
            said |= {(kind, other), ("left" if kind == "right" else "right", who)}
    return [
        (where, of, order[(k + apart) % n])
        for where, apart in _apart(n).items()
        for k, of in enumerate(order)
        if (where, of) not in said
    ]


def _apart(n: int) -> dict[str, int]:
    return {"opposite": n // 2, "right": 1, "left": -1}


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Return the names, the clues as sentences and the place that is asked for."""
    told = []
    for kind, who, other, *apart in p["clues"]:
        key = f"next_{kind}" if apart == [1] else kind
        told.append(words[f"clue_{key}"].format(words[who], words[other], *apart))
    names = [words[letter] + words["title"] for letter in _LETTERS[: len(p["people"])]]
    return {
        "names": words["comma"].join(names[:-1]) + words["last"] + names[-1],
        "clues": words["inline"].join(told)
        if p["frame"] % 2
        else "\n".join(f"{words['bullet']}{one}" for one in told),
        "ask": words[f"ask_{p['asked']}"].format(words[p["of"]]),
        "n": len(names),
    }


def solve(p: Parameters, method: str) -> Worked:
    """Number the seats and count, or fill them one after the other; those that the answer does not need stay open."""
    n = len(p["people"])
    seat, told = _seats(p["clues"], n)
    apart = _apart(n)[p["asked"]]
    wanted = (seat[p["of"]] + apart) % n
    found = next(who for who, k in seat.items() if k == wanted)
    needed = _needed(p["clues"], list(seat), {p["of"], found})
    if method == "table":
        steps = []
        seats: list[str] = ["□"] * n
        for who in needed:
            seats[seat[who]] = Who(who)
            steps.append(
                Step(f"table_{n}", slots={"x": Who(who), **{f"p{at}": one for at, one in enumerate(seats)}})
            )
    else:
        steps = [told[who] for who in needed]
    steps.append(Step(f"wanted_{p['asked']}", _counted(seat[p["of"]], apart, n), {"x": Who(p["of"])}))
    steps.append(Step("found", slots={"x": Who(found), "k": wanted}))
    return Worked(tuple(steps), found)


def _needed(clues: Sequence[Sequence[Json]], order: Sequence[str], wanted: set[str]) -> list[str]:
    """Return who must be seated to seat those who are wanted; for the last one, everybody."""
    if order[-1] in wanted:
        return list(order)
    seated_by = {who: other for _, who, other, *_ in clues}
    for who in reversed(order):
        if who in wanted and who in seated_by:
            wanted.add(seated_by[who])
    return [who for who in order if who in wanted]


def _counted(start: int, apart: int, n: int) -> str:
    """Return the equation for a seat so many further on; behind the last one it goes on from 0."""
    ahead = start + apart
    turn = "" if 0 <= ahead < n else f" - {n}" if ahead >= n else f" + {n}"
    return f"{start} {'+' if apart > 0 else '-'} {abs(apart)}{turn} = {ahead % n}"


def _seats(clues: Sequence[Sequence[Json]], n: int) -> tuple[dict[str, int], dict[str, Step]]:
    """Return the seats in the order in which they are found, and what is said of each."""
    placed = {clue[1] for clue in clues}
    start = next(clue[2] for clue in clues if clue[2] not in placed)
    seat = {start: 0}
    told = {start: Step("start", slots={"x": Who(start), "top": n - 1})}
    waiting = list(clues)
    while waiting:
        clue = next(clue for clue in waiting if clue[2] in seat)
        waiting.remove(clue)
        kind, who, other, *apart = clue
        by = n // 2 if kind == "opposite" else apart[0] if kind == "right" else -apart[0]
        seat[who] = (seat[other] + by) % n
        told[who] = Step("seat", _counted(seat[other], by, n), {"x": Who(who), "y": Who(other)})
    last = next(letter for letter in _LETTERS[:n] if letter not in seat)
    seat[last] = next(k for k in range(n) if k not in seat.values())
    told[last] = Step("last", slots={"x": Who(last), "k": seat[last]})
    return seat, told


FAMILY = Family(
    kind="name",
    draw=draw,
    solve=solve,
    methods=("numbers", "table"),
    scenes=_SCENES,
    slots=slots,
    known=("n",),
)
