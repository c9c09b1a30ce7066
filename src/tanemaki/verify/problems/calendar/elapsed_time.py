"""How long is it from one time to another, over midnight too? 時間の計算.

Level 1 stays within a day, level 2 goes over midnight and takes a rest away, level 3 adds up several such nights.

Source: 小学校学習指導要領 算数 第3学年 C 測定 (時刻と時間).
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.calendar._clock import minutes_of
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_DAY = 1440
_FORMS = {1: "span", 2: "night", 3: "nights"}
_SCENES = ("film", "concert", "meeting", "match")
_RESTS = (15, 20, 30, 40, 45, 50, 60, 75, 90)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw both times in minutes of the day."""
    p: dict[str, Json] = {"form": _FORMS[level], "scene": draw.choose(_SCENES)}
    if level == 1:
        start = draw.between(420, 1140)
        return {**p, "start": start, "end": start + draw.between(61, 280)}
    p |= {"start": draw.between(216, 287) * 5, "end": draw.between(36, 119) * 5, "rest": draw.choose(_RESTS)}
    return {**p, "n_nights": draw.between(2, 9)} if level == len(_FORMS) else p


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Return times as the language writes them."""
    told: dict[str, object] = {key: p[key] for key in ("rest", "n_nights") if key in p}
    for key in ("start", "end"):
        hour, minute = divmod(p[key], 60)
        told[key] = words["clock" if minute else "sharp"].format(hour=hour, minute=minute, two=f"{minute:02}")
    return told


def solve(p: Parameters, method: str) -> Worked:
    """Count the minutes of the day, or the hours and the minutes apart, up to midnight and after it."""
    start, end = p["start"], p["end"]
    (hour, minute), (later, past) = divmod(start, 60), divmod(end, 60)
    steps: list[Step] = []
    overnight = end < start
    span = end - start + _DAY * overnight
    if method == "minutes_of_the_day":
        steps.append(Step("start", f"{minutes_of(hour, minute)} = {start}"))
        steps.append(Step("end", f"{minutes_of(later, past)} = {end}"))
        if overnight:
            steps.append(Step("next_day", f"{end} + 1440 = {end + _DAY}"))
            end += _DAY
        steps.append(Step("span", f"{end} - {start} = {span}"))
    elif overnight:
        steps.append(Step("to_midnight", f"{minutes_of(f'(24 - {hour})', 0, minute)} = {_DAY - start}"))
        steps.append(Step("end", f"{minutes_of(later, past)} = {end}"))
        steps.append(Step("span", f"{_DAY - start} + {end} = {span}"))
    else:
        steps.append(Step("hours", f"{later} - {hour} = {later - hour}"))
        steps.append(Step("span", f"{minutes_of(later - hour, past, minute)} = {span}"))
    if "rest" in p:
        steps.append(Step("without_rest", f"{span} - {p['rest']} = {span - p['rest']}"))
        span -= p["rest"]
    if "n_nights" in p:
        steps.append(Step("all_nights", f"{span} × {p['n_nights']} = {span * p['n_nights']}"))
        span *= p["n_nights"]
    return Worked(tuple(steps), span)


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("minutes_of_the_day", "hours_and_minutes"),
    scenes=_SCENES,
    slots=slots,
)
