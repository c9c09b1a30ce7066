"""The letters are taken out of the word; what is missing then is counted."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return how many there are, together or more of the one than of the other."""
    word = p["word"]
    counts = [len(word) - len(word.replace(letter, "")) for letter in p["letters"]]
    return counts[0] - counts[1] if p["form"] == "more" else sum(counts)
