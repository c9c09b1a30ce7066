"""The clock is run: the hands are moved in small whole ticks, and where they stand is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json

_ROUND = 720
"""Half degrees of a circle; in a minute the minute hand goes 12 of them, the hour hand 1."""
_GAIN = 11
"""Half degrees by which the way from hand to hand changes, evenly, in a minute."""


def solve(p: Mapping[str, Json]) -> Json:
    """Return degrees or minutes."""
    hour, minute = p["start"]
    if p["form"] in ("minute_hand", "hour_hand"):
        later, end = p["end"]
        turned = 0
        while (hour, minute) != (later, end):
            minute += 1
            hour, minute = hour + minute // 60, minute % 60
            turned += 12 if p["form"] == "minute_hand" else 1
        return _degrees(turned)
    long, short = minute * 12 % _ROUND, (hour * 60 + minute) % _ROUND
    if p["form"] == "between":
        for _ in range(p["minutes"]):
            long, short = (long + 12) % _ROUND, (short + 1) % _ROUND
        return _degrees(_apart(long, short))
    wanted = 2 * p.get("angle", 0)
    for minutes in range(_ROUND + 1):
        gap = (short - long) % _ROUND
        ways = [gap - target for target in (wanted, _ROUND - wanted, -wanted)]
        within = [way for way in ways if 0 < way <= _GAIN]
        if within:
            return _shown(minutes + Fraction(min(within), _GAIN))
        long, short = (long + 12) % _ROUND, (short + 1) % _ROUND
    raise AssertionError


def _apart(one: int, other: int) -> int:
    way = abs(one - other)
    return min(way, _ROUND - way)


def _degrees(halves: int) -> Json:
    return halves // 2 if halves % 2 == 0 else f"{halves // 2}.5"


def _shown(value: Fraction) -> Json:
    return value.numerator if value.denominator == 1 else str(value)
