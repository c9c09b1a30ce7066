"""The animals are walked through year by year, from the one that is known."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle

from tanemaki.core.record import Json

_AFTER = {
    "rat": "ox",
    "ox": "tiger",
    "tiger": "rabbit",
    "rabbit": "dragon",
    "dragon": "snake",
    "snake": "horse",
}
_AFTER |= {
    "horse": "sheep",
    "sheep": "monkey",
    "monkey": "rooster",
    "rooster": "dog",
    "dog": "boar",
    "boar": "rat",
}
_BEFORE = {after: animal for animal, after in _AFTER.items()}
_BEGAN = {"meiji": 1868, "taisho": 1912, "showa": 1926, "heisei": 1989, "reiwa": 2019}


def solve(p: Mapping[str, Json]) -> Json:
    """Return the animal."""
    asked = p["asked"] if "asked" in p else _BEGAN[p["era"]] + p["year"] - 1
    animal, year = p["animal"], p["known"]
    for step in cycle([_AFTER if asked > year else _BEFORE]):
        if year == asked:
            return animal
        animal, year = step[animal], year + (1 if asked > year else -1)
    return None
