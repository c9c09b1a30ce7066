"""One step at a time, as often as the shift says, with a table of neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_uppercase

from tanemaki.core.record import Json

_NEXT = str.maketrans(ascii_uppercase, ascii_uppercase[1:] + "A")
_BEFORE = str.maketrans(ascii_uppercase[1:] + "A", ascii_uppercase)


def solve(p: Mapping[str, Json]) -> Json:
    """Return the word, written or read."""
    word: str = p["word"]
    for _ in range(p["shift"]):
        word = word.translate(_NEXT if p["form"] == "write" else _BEFORE)
    return word
