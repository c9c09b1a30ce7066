"""The second Monday of a month, and its like.

Level 1 names the weekday and which of the month, level 2 moves on by some days, level 3 says what holds where it falls
outside. Source: ours; the rule of the "happy Mondays" in Japan's law on holidays, and of RRULE in RFC 5545.
"""

from __future__ import annotations

import calendar
import datetime as dt

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_JA, _EN = "月火水木金土日", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS = {
    "first": (1, 7),
    "second": (8, 14),
    "third": (15, 21),
    "fourth": (22, 28),
    "fifth": (29, 31),
    "last": (25, 31),
}
"""Which of the month → on which days it may fall; the last one in a month of 31 days."""
_NTH = tuple(_DAYS)
_MOVES = (-10, -7, -5, -3, -2, -1, 1, 2, 3, 5, 7, 10, 14)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the weekday and its place, then what else the level names."""
    weekday, nth = draw.below(7), draw.choose(_NTH)
    moves = [moved for moved in _MOVES if _leaves(nth, moved) != "always"]
    if level == LEVELS:
        moves = [moved for moved in moves if _leaves(nth, moved) == "sometimes"]
    moved = draw.choose(moves) if level > 1 else 0
    return {
        "weekday": weekday,
        "day_ja": f"{_JA[weekday]}曜日",
        "day_en": _EN[weekday],
        "nth": nth,
        "result": draw.choose(("iso", "slashes") if moved else ("iso", "number", "slashes")),
        "moved": moved,
        "distance": abs(moved),
        "outside": draw.choose(("fine", "none", "edge")) if level == LEVELS else "unsaid",
        "skipped": draw.between(1, 12) if level == LEVELS else 0,
    }


def _leaves(nth: str, moved: int) -> str:
    """Tell whether so many days before or after it is another month: "never", "sometimes" or "always"."""
    first, last = (day + moved for day in _DAYS[nth])
    if last < 1 or first > 31:  # noqa: PLR2004 - days of a long month; in a short one there is more outside
        return "always"
    return "sometimes" if first < 1 or last > 31 else "never"  # noqa: PLR2004


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = [f"result_{p['result']}"]
    parts += ["fifth"] if p["nth"] == "fifth" else ["always"]
    parts += [("later" if p["moved"] > 0 else "earlier")] if p["moved"] else ["itself"]
    parts += (
        [f"outside_{p['outside']}"]
        if p["outside"] != "unsaid"
        else ["over"]
        if _leaves(p["nth"], p["moved"]) != "never"
        else []
    )
    parts += ["skipped"] if p["skipped"] else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the distance to the first one."""
    return ("way_last" if p["nth"] == "last" else "way_first", *(("way_moved",) if p["moved"] else ()))


def source(p: Parameters) -> str:
    """Find the first one by the remainder, or the last one."""
    weekday, weeks = p["weekday"], _NTH.index(p["nth"])
    found = (
        f"    first = date(year, month, 1)\n"
        f"    ahead = ({weekday} - first.weekday()) % 7  # @ahead\n"
        f"    day = first + timedelta(days=ahead{f' + {7 * weeks}' if weeks else ''})"
    )
    if p["nth"] == "last":
        found = (
            "    after = date(year + month // 12, month % 12 + 1, 1)  # @next_month\n"
            "    end = after - timedelta(days=1)\n"
            f"    day = end - timedelta(days=(end.weekday() - {weekday}) % 7)"
        )
    sign = "+" if p["moved"] > 0 else "-"
    edge = (
        "date(year, month, 1)"
        if p["moved"] < 0
        else "date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)"
    )
    outside = {
        "none": "    if day.month != month:\n        return None",
        "edge": f"    if day.month != month:\n        day = {edge}",
    }.get(p["outside"])
    told = {"slashes": 'day.strftime("%Y/%m/%d")', "number": "day.day"}.get(p["result"], "day.isoformat()")
    nothing = p["nth"] == "fifth" or p["outside"] == "none" or p["skipped"]
    gives = ("int" if told == "day.day" else "str") + (" | None" if nothing else "")
    return code(
        "from datetime import date, timedelta\n\n",
        f"def nth_weekday(year: int, month: int) -> {gives}:",
        '    """@doc"""',
        f"    if month == {p['skipped']}:\n        return None" if p["skipped"] else None,
        found,
        "    if day.month != month:\n        return None  # @no_fifth" if p["nth"] == "fifth" else None,
        f"    day = day {sign} timedelta(days={p['distance']})" if p["moved"] else None,
        outside,
        f"    return {told}",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try months that begin with the weekday and right after it, leap years, Decembers, and fifth ones."""

    def of(begins: int, month: int) -> list[Json]:
        year = draw.between(1990, 2030)
        while dt.date(year, month, 1).weekday() != begins:  # at most eleven years
            year += 1
        return [year, month]

    def but(*months: int) -> int:
        return draw.choose([month for month in months if month != p["skipped"]] or [3])

    day, fifth = p["weekday"], p["nth"] == "fifth"
    return [
        of(day, but(1, 3, 5, 7, 8, 10)),
        of((day + {"fifth": 0, "last": 4}.get(p["nth"], 1)) % 7, but(1, 3, 5, 7, 8, 10)),
        of((day + (6 if fifth else 1)) % 7, but(12)),
        [draw.choose((2000, 2024, 2028)), but(2)],
        of((day + 6) % 7, but(4, 6, 9, 11)),
        of(day, p["skipped"] or 12),
        of((day + 5) % 7, but(1, 3, 5, 7, 8, 10)),
        of(day, but(2)),
    ]


def expected(p: Parameters, year: int, month: int) -> Json:
    """Look at the column of the calendar."""
    if month == p["skipped"]:
        return None
    column = [week[p["weekday"]] for week in calendar.monthcalendar(year, month) if week[p["weekday"]]]
    place = -1 if p["nth"] == "last" else _NTH.index(p["nth"])
    if place >= len(column):
        return None
    length = calendar.monthrange(year, month)[1]
    number = column[place] + p["moved"]
    if not 1 <= number <= length:
        if p["outside"] == "none":
            return None
        if p["outside"] == "edge":
            number = min(max(number, 1), length)
    if p["result"] == "number":
        return number
    day = dt.date.fromordinal(dt.date(year, month, 1).toordinal() + number - 1)
    return f"{day.year:04}/{day.month:02}/{day.day:02}" if p["result"] == "slashes" else str(day)


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
