"""Days of business between two dates.

Level 1 names the days off in a week and whether both ends count, level 2 adds holidays, level 3 a day of the month
that is off. Source: ours; ``NETWORKDAYS.INTL`` of spreadsheets.
"""

from __future__ import annotations

import calendar
import datetime as dt

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_OFF = ([5, 6], [6], [4, 5], [2], [0], [2, 6], [3], [0, 1], [3, 6])
"""Days off in a week as Python counts them: 0 is Monday."""
_JA, _EN = "月火水木金土日", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the days off and the ends, then what else the level names."""
    off = draw.choose(_OFF)
    return {
        "off": off,
        "off_ja": "と".join(f"{_JA[one]}曜日" for one in off),
        "off_en": " and ".join(f"{_EN[one]}s" for one in off),
        "ends": draw.choose(("both", "first", "last", "none")),
        "reversed": draw.choose(("zero", "swap", "minus")) if level > 1 else "never",
        "holidays": level > 1,
        "month_day": draw.between(1, 28) if level == LEVELS else 0,
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = ["off", f"ends_{p['ends']}"]
    parts += ["holidays", f"reversed_{p['reversed']}"] if p["holidays"] else ["in_order"]
    parts += ["month_day"] if p["month_day"] else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the walk through the days."""
    return ("walk", *(("way_holidays",) if p["holidays"] else ()))


def source(p: Parameters) -> str:
    """Walk from day to day."""
    conditions = [
        f"day.weekday() not in {tuple(p['off'])!r}"
        if len(p["off"]) > 1
        else f"day.weekday() != {p['off'][0]}"
    ]
    conditions += ["day.isoformat() not in holidays"] if p["holidays"] else []
    conditions += [f"day.day != {p['month_day']}"] if p["month_day"] else []
    begin = "first" if p["ends"] in ("both", "first") else "first + one_day"
    stop = "<=" if p["ends"] in ("both", "last") else "<"
    turned = {
        "zero": "    if first > last:\n        return 0",
        "swap": "    if first > last:\n        first, last = last, first",
        "minus": "    if first > last:\n        return -1",
    }.get(p["reversed"])
    more = ", holidays: list[str]" if p["holidays"] else ""
    return code(
        "from datetime import date, timedelta\n\n",
        f"def count_business_days(start: str, end: str{more}) -> int:",
        '    """@doc"""',
        "    first, last = date.fromisoformat(start), date.fromisoformat(end)",
        turned,
        "    one_day = timedelta(days=1)",
        f"    day = {begin}",
        "    count = 0",
        f"    while day {stop} last:",
        f"        # @open\n        if {' and '.join(conditions)}:",
        "            count += 1",
        "        day += one_day",
        "    return count",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try some days, some weeks, the end of a year and of a February, one day, and ends the wrong way round."""

    def day(year: int, month: int, number: int) -> dt.date:
        return dt.date(year, month, number)

    def call(first: dt.date, n: int) -> list[Json]:
        last = first + dt.timedelta(days=n)
        told: list[Json] = [first.isoformat(), last.isoformat()]
        if p["holidays"]:
            span = sorted({draw.between(min(0, n), max(0, n)) for _ in range(min(4, abs(n)))})
            off = [(first + dt.timedelta(days=one)).isoformat() for one in span]
            told.append([*off, "2019-05-01"])
        return told

    year = draw.between(2015, 2035)
    begin = day(year, draw.between(1, 12), draw.between(1, 28))
    workday = next(
        begin + dt.timedelta(days=k)
        for k in range(9)
        if (begin + dt.timedelta(days=k)).weekday() not in p["off"]
        and (begin + dt.timedelta(days=k)).day != p["month_day"]
    )
    same: list[Json] = [workday.isoformat(), workday.isoformat()]
    fine = [
        call(begin, draw.between(8, 20)),
        call(day(year, 12, draw.between(20, 28)), draw.between(10, 30)),
        call(day(2024, 2, 24), draw.between(6, 12)),
        [*same, []] if p["holidays"] else same,
        call(workday, 7 * draw.between(2, 9)),
        call(day(year, draw.between(1, 9), 1), draw.between(50, 90)),
    ]
    return [*fine, call(begin, -draw.between(5, 15)) if p["holidays"] else call(begin, 1)]


def expected(p: Parameters, start: str, end: str, holidays: list[str] | None = None) -> Json:
    """Count on the leaves of the calendar, month by month."""
    if start > end:
        if p["reversed"] in ("zero", "minus"):
            return {"zero": 0, "minus": -1}[p["reversed"]]
        start, end = end, start
    count = 0
    for year in range(int(start[:4]), int(end[:4]) + 1):
        for month in range(1, 13):
            if not start[:7] <= f"{year}-{month:02}" <= end[:7]:
                continue
            for week in calendar.monthcalendar(year, month):
                for weekday, number in enumerate(week):
                    told = f"{year}-{month:02}-{number:02}"
                    inside = number > 0 and start <= told <= end
                    inside = inside and (told != start or p["ends"] in ("both", "first"))
                    inside = inside and (told != end or p["ends"] in ("both", "last"))
                    if (
                        inside
                        and weekday not in p["off"]
                        and told not in (holidays or ())
                        and number != p["month_day"]
                    ):
                        count += 1
    return count


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
