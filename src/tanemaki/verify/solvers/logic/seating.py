"""People sit down one after the other wherever the clues allow it; whoever cannot, gets up again. One way may remain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the letter of the person in the seat that is asked for."""
    n = len(p["people"])
    (seats,) = _seated(["a"], list("abcdefgh"[1:n]), p["clues"], n)
    apart = {"opposite": n // 2, "right": 1, "left": n - 1}[p["asked"]]
    return seats[(seats.index(p["of"]) + apart) % n]


def _seated(
    seats: list[str], standing: list[str], clues: Sequence[Sequence[Json]], n: int
) -> Iterator[list[str]]:
    if not standing:
        yield seats
    for who in standing:
        taken = [*seats, who]
        if all(_fits(taken, clue, n) for clue in clues):
            yield from _seated(taken, [one for one in standing if one != who], clues, n)


def _fits(seats: Sequence[str], clue: Sequence[Json], n: int) -> bool:
    kind, who, other, *apart = clue
    if who not in seats or other not in seats:
        return True
    found = (seats.index(who) - seats.index(other)) % n
    return bool(
        found == {"opposite": n // 2, "right": (apart or [0])[0], "left": n - (apart or [0])[0]}[kind]
    )
