"""A date some months later.

Level 1 says what holds where the day is missing in that month, level 2 what becomes of the last day of a month, level 3
moves the date off a day that is free. Source: ours; due dates as contracts reckon them.
"""

from __future__ import annotations

import datetime as dt

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_OFF = ([5, 6], [6], [0], [2], [3, 6], [1])
_JA, _EN = "月火水木金土日", ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw what a missing day becomes and the form, then what else the level names."""
    off = draw.choose(_OFF) if level == LEVELS else []
    return {
        "missing": draw.choose(("clamp", "overflow", "none")),
        "result": draw.choose(("iso", "slashes", "short")),
        "unit": draw.choose((1, 2, 3, 6)) if level > 1 else 1,
        "last": level > 1,
        "off": off,
        "off_ja": "か".join(f"{_JA[one]}曜日" for one in off),
        "off_en": " or a ".join(_EN[one] for one in off),
        "move": draw.choose(("later", "earlier")) if off else "none",
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = [f"result_{p['result']}", f"missing_{p['missing']}"]
    parts += ["last"] if p["last"] else []
    parts += ["unit"] if p["unit"] > 1 else ["months"]
    parts += [f"move_{p['move']}"] if p["off"] else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the number of the month."""
    return ("index", *(("way_move",) if p["off"] else ()))


def source(p: Parameters) -> str:
    """Number the months through, and come back."""
    missing = {
        "clamp": "        number = length",
        "overflow": "        index, number = index + 1, 1  # @next_first",
        "none": "        return None",
    }[p["missing"]]
    last = (
        "    if start.day == monthrange(start.year, start.month)[1]:\n        number = length  # @stays_last"
        if p["last"]
        else None
    )
    first = "elif" if p["last"] else "if"
    off = (
        f"day.weekday() in {tuple(p['off'])!r}"
        if len(p["off"]) > 1
        else f"day.weekday() == {p['off'][0] if p['off'] else 0}"
    )
    told = {
        "iso": "day.isoformat()",
        "slashes": 'day.strftime("%Y/%m/%d")',
        "short": 'f"{day.year}/{day.month}/{day.day}"',
    }
    times = f" * {p['unit']}" if p["unit"] > 1 else ""
    return code(
        "from calendar import monthrange",
        f"from datetime import date{', timedelta' if p['off'] else ''}\n\n",
        f"def add_months(day: str, n: int) -> str{' | None' if p['missing'] == 'none' else ''}:",
        '    """@doc"""',
        "    start = date.fromisoformat(day)",
        f"    index = 12 * start.year + start.month - 1 + n{times}  # @months",
        "    number = start.day",
        "    length = monthrange(index // 12, index % 12 + 1)[1]",
        last,
        f"    {first} number > length:",
        missing,
        "    day = date(index // 12, index % 12 + 1, number)",
        f"    while {off}:\n        day {'+' if p['move'] == 'later' else '-'}= timedelta(days=1)"
        if p["off"]
        else None,
        f"    return {told[p['result']]}",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try days off, ends of months, the 30th before a February, leap years, nought and negative numbers, and a new year."""

    def day(year: int, month: int, number: int) -> str:
        return dt.date(year, month, number).isoformat()

    year, month, n = draw.between(2001, 2040), draw.between(1, 12), draw.between(1, 9)
    years, there = divmod(month - 1 + n * p["unit"], 12)
    plain = [
        one
        for one in range(2, 28)
        if not p["off"] or dt.date(year + years, there + 1, one).weekday() in p["off"]
    ]
    long_months = (1, 3, 5, 7, 8, 10, 12)
    to_february = [(long, n) for long in long_months for n in range(1, 7) if (long + n * p["unit"]) % 12 == 2]  # noqa: PLR2004
    before, steps = draw.choose(to_february)
    return [
        [day(year, month, draw.choose(plain)), n],
        [day(year, draw.choose((1, 3, 5, 8, 10)), 31), draw.choose((1, 3, 13))],
        [day(2023, before, 30), steps],
        [day(2024, 2, 29), 12],
        [day(year, 4, 30), draw.choose((1, 3))],
        [day(year, draw.between(1, 12), draw.between(1, 28)), -draw.between(1, 14)],
        [day(year, 12, 31), 2],
        [day(year, draw.between(1, 12), draw.between(1, 28)), 0],
    ]


def expected(p: Parameters, day: str, n: int) -> Json:
    """Go on month by month from the first day of each."""
    year, month, number = map(int, day.split("-"))

    def length() -> int:
        here = dt.date(year, month, 1)
        return ((here + dt.timedelta(days=31)).replace(day=1) - here).days

    is_last = number == length()
    for _ in range(abs(n) * p["unit"]):
        month += 1 if n > 0 else -1
        if month in (0, 13):
            year, month = (year + 1, 1) if month else (year - 1, 12)
    if is_last and p["last"]:
        number = length()
    extra = 0
    if number > length():
        if p["missing"] == "none":
            return None
        number, extra = length(), int(p["missing"] == "overflow")
    found = dt.date(year, month, number) + dt.timedelta(days=extra)
    while found.weekday() in p["off"]:
        found += dt.timedelta(days=1 if p["move"] == "later" else -1)
    y, m, d = str(found).split("-")
    return {"iso": f"{y}-{m}-{d}", "slashes": f"{y}/{m}/{d}", "short": f"{int(y)}/{int(m)}/{int(d)}"}[
        p["result"]
    ]


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
