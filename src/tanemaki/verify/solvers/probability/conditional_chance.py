"""A hundred things of each origin are laid out, each with its mark, and stand for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the share of the first origin among the things with the mark, or without it."""
    heap: Counter[tuple[str, bool]] = Counter()
    for origin in "123":
        for place in range(100 if f"n_{origin}" in p else 0):  # every hundred of an origin is alike
            heap[origin, place < p[f"percent_{origin}"]] += p[f"n_{origin}"] // 100
    is_marked = p["form"] != "unmarked_of_two"
    found = {origin: n for (origin, has_mark), n in heap.items() if has_mark == is_marked}
    return str(Fraction(found["1"], sum(found.values())))
