"""All orders are tried; exactly one may fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the letter of the person in the place that is asked for."""
    n = len(p["people"])
    (order,) = (
        order for order in permutations("abcdef"[:n]) if all(_fits(order, clue) for clue in p["clues"])
    )
    return order[p["asked"] - 1]


def _fits(order: Sequence[str], clue: Sequence[Json]) -> bool:
    kind, who, *rest = clue
    at = order.index(who)
    if kind == "at":
        return bool(at + 1 == rest[0])
    if kind == "last":
        return at + 1 == len(order)
    other = order.index(rest[0])
    if kind == "before":
        return at < other
    return bool((at - other if kind == "behind" else other - at) == rest[1])
