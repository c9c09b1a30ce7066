"""Each sign is worth what the Unicode standard says; a smaller one before a larger one multiplies it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the number that the numeral stands for."""
    return _value([int(unicodedata.numeric(sign)) for sign in p["numeral"]])


def _value(worths: list[int]) -> int:
    if not worths:
        return 0
    top = max(worths)
    at = worths.index(top)
    if top < 10:  # noqa: PLR2004 - a digit stands alone
        return top
    return (_value(worths[:at]) or 1) * top + _value(worths[at + 1 :])
