"""The largest unit is taken out, again and again; what stands before it is written in the same way."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json

_UNITS = {10**12: "兆", 10**8: "億", 10**4: "万", 1000: "千", 100: "百", 10: "十"}


def solve(p: Mapping[str, Json]) -> Json:
    """Return the numeral."""
    return _written(p["number"])


def _written(number: int) -> str:
    for worth, unit in _UNITS.items():
        if number >= worth:
            times, rest = divmod(number, worth)
            before = "" if times == 1 and worth <= 1000 else _written(times)  # noqa: PLR2004 - 千, but 一万
            return before + unit + (_written(rest) if rest else "")
    return "一二三四五六七八九"[number - 1]
