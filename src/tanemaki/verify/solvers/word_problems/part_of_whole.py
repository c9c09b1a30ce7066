"""Every whole is tried: its parts are taken away until what is left agrees."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the least whole that leaves so much."""
    parts = [
        tuple(map(int, p[f"{name}_part"].split("/"))) for name in ("first", "second") if f"{name}_part" in p
    ]
    more = [p.get(f"{name}_more", 0) for name in ("first", "second")]
    step = parts[0][1]
    for whole in count(p["left"] + -p["left"] % step, step):
        rest = whole
        for (above, below), further in zip(parts, more, strict=False):
            if rest % below:
                break
            rest -= rest // below * above + further
        else:
            if rest == p["left"]:
                return whole
    raise AssertionError
