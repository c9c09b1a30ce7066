"""Time between two clock times.

Level 1 crosses midnight, level 2 takes off a break, level 3 rounds. Source: ours; what every time sheet does.
"""

from __future__ import annotations

from functools import cache

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_DAY = 1440  # minutes


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw midnight and the result, then what else the level names."""
    hours = draw.between(4, 8)
    return {
        "equal": draw.choose(("nought", "day")),
        "result": draw.choose(("minutes", "clock", "hours")),
        "limit": 60 * hours if level > 1 else 0,
        "hours": hours if level > 1 else 0,
        "rest": 5 * draw.between(2, 15) if level > 1 else 0,
        "exact": draw.choose(("over", "from")) if level > 1 else "none",
        "round": draw.choose((5, 6, 10, 15, 20, 30)) if level == LEVELS else 0,
        "way": draw.choose(("down", "up", "ends")) if level == LEVELS else "none",
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = [f"result_{p['result']}", f"midnight_{p['equal']}"]
    parts += [f"round_{p['way']}"] if p["round"] and p["way"] == "ends" else []
    parts += [f"rest_{p['exact']}"] if p["rest"] else []
    parts += [f"round_{p['way']}"] if p["round"] and p["way"] != "ends" else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain minutes, and the remainder."""
    return (
        "minutes",
        *(("way_ends",) if p["way"] == "ends" else ("way_midnight",)),
        *(("way_up",) if p["way"] == "up" else ()),
    )


def source(p: Parameters) -> str:
    """Work in minutes from midnight."""
    r, equal = p["round"], "<" if p["equal"] == "nought" else "<="
    ends = (
        f"    begin = -(-begin // {r}) * {r}  # @begin_up\n"
        f"    finish = finish // {r} * {r}  # @finish_down\n"
        "    minutes = max(finish - begin, 0)"
    )
    rounded = {"down": f"    minutes = minutes // {r} * {r}", "up": f"    minutes = -(-minutes // {r}) * {r}"}
    told = {
        "minutes": "minutes",
        "clock": 'f"{minutes // 60}:{minutes % 60:02}"',
        "hours": "round(minutes / 60, 2)",
    }
    gives = {"minutes": "int", "clock": "str", "hours": "float"}
    return code(
        "def minutes_of(clock: str) -> int:",
        '    """@helper"""',
        '    hours, minutes = clock.split(":")',
        "    return 60 * int(hours) + int(minutes)",
        "\n",
        f"def worked_minutes(start: str, end: str) -> {gives[p['result']]}:",
        '    """@doc"""',
        "    begin, finish = minutes_of(start), minutes_of(end)",
        f"    if finish {equal} begin:\n        finish += 24 * 60  # @next_day",
        ends if p["way"] == "ends" else "    minutes = finish - begin",
        f"    if minutes {'>' if p['exact'] == 'over' else '>='} {p['limit']}:\n        minutes -= {p['rest']}"
        if p["rest"]
        else None,
        rounded.get(p["way"]),
        f"    return {told[p['result']]}",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try a day, a night, equal times, the limit itself, one minute more and less, and short times."""

    def clock(minutes: int) -> str:
        return f"{minutes // 60 % 24:02}:{minutes % 60:02}"

    def call(begin: int, length: int) -> list[Json]:
        return [clock(begin), clock(begin + length)]

    limit = p["limit"] or 300
    even = p["round"] or 60
    morning = draw.between(6 * 60, 10 * 60)
    return [
        call(morning, limit + draw.between(31, 200)),
        call(draw.between(20 * 60, 23 * 60), draw.between(250, 600)),
        call(even * draw.between(9, 14), limit),
        call(draw.between(0, 900), limit + 1),
        call(morning, 0),
        call(draw.between(0, 1200), draw.between(1, 59)),
        call(draw.between(0, 1200), limit - 1),
        call(23 * 60 + 59, draw.between(2, 500)),
    ]


@cache
def _marks() -> tuple[str, ...]:
    """Return what a clock shows in a day."""
    return tuple(f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60))


def expected(p: Parameters, start: str, end: str) -> Json:
    """Let the clock run minute by minute."""
    marks = _marks()
    begin = marks.index(start)
    if start == end:
        length = 0 if p["equal"] == "nought" else _DAY
    else:
        length = 1
        for passing in (*marks[begin + 1 :], *marks[:begin]):
            if passing == end:
                break
            length += 1
    finish = begin + length
    if p["way"] == "ends":
        while begin % p["round"]:
            begin += 1
        while finish % p["round"]:
            finish -= 1
    minutes = max(0, finish - begin)
    if p["rest"] and (minutes > p["limit"] or (p["exact"] == "from" and minutes == p["limit"])):
        minutes -= p["rest"]
    while p["way"] in ("down", "up") and minutes % p["round"]:
        minutes += 1 if p["way"] == "up" else -1
    hours, rest = divmod(minutes, 60)
    return {"minutes": minutes, "clock": f"{hours}:{rest:02d}", "hours": float(f"{minutes / 60:.2f}")}[
        p["result"]
    ]


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
