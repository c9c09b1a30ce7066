"""Every way in which some lie and the others do not is tried; exactly one may fit what all of them say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the letters of the liars, in the order of the people."""
    said = p["statements"]
    (honest,) = (
        ways
        for ways in product((True, False), repeat=len(said))
        if all(_is_true(one, ways) == speaker for one, speaker in zip(said, ways, strict=True))
    )
    return ["abcdef"[k] for k, speaker in enumerate(honest) if not speaker]


def _is_true(statement: Sequence[str], honest: Sequence[bool]) -> bool:
    kind, *about = statement
    number = sum(honest["abcdef".index(one)] for one in about)
    return number in {"same": (1,), "differ": (0,), "pair_same": (0, 2), "pair_differ": (1,)}[kind]
