"""Every ordered pair of single balls is taken out."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import permutations, product

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the share of the pairs that are as asked."""
    balls = ["red"] * p["n_red"] + ["white"] * p["n_white"]
    pairs = product(balls, repeat=2) if p["is_back"] else permutations(balls, 2)
    if p["asked"] == "ordered":
        fits = [pair == ("red", "white") for pair in pairs]
    else:
        wanted = {"both": (2,), "some": (1, 2), "same": (0, 2), "different": (1,)}[p["asked"]]
        fits = [pair.count("red") in wanted for pair in pairs]
    return str(Fraction(sum(fits), len(fits)))
