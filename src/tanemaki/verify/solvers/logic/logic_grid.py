"""Every table is tried, kind after kind, and given up as soon as a clue that can be read contradicts it. One may be left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the letter of the person who has the value that is asked for."""
    people = "abcd"[: len(p["people"])]
    (table,) = _tables({who: who for who in people}, people, p["values"], p["clues"])
    return table[p["asked"]]


def _tables(
    holder: dict[str, str], people: str, kinds: Sequence[Sequence[str]], clues: Sequence[Sequence[str]]
) -> Iterator[dict[str, str]]:
    if not kinds:
        yield holder
        return
    for order in permutations(people):
        found = {**holder, **dict(zip(kinds[0], order, strict=True))}
        if all(_fits(found, clue) for clue in clues):
            yield from _tables(found, people, kinds[1:], clues)


def _fits(holder: Mapping[str, str], clue: Sequence[str]) -> bool:
    sign, name, *values = clue
    if name not in holder or values[0] not in holder:
        return True
    return any(holder[name] == holder[value] for value in values) == (sign == "is")
