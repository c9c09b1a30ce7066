"""Departures and arrivals, over midnight too: 時刻と時間.

Level 1 has one ride, level 2 two rides with a wait between them, level 3 a line with equal runs and stops and one more
ride after a wait. Half of them ask backwards, for the departure.

Source: 小学校学習指導要領 算数 第3学年 C 測定 (時刻と時間).
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.calendar._clock import minutes_of
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_DAY = 1440
_FORMS = {
    1: ("arrival", "departure"),
    2: ("change_arrival", "change_departure"),
    3: ("line_arrival", "line_departure"),
}
_SCENES = ("train", "bus", "ferry")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a time of the day and the parts of the journey in minutes."""
    form = draw.choose(_FORMS[level])
    time = draw.between(720, 1500) if form.endswith("departure") else draw.between(300, 1380)
    p: dict[str, Json] = {"form": form, "scene": draw.choose(_SCENES), "time": time % _DAY}
    if level == 1:
        return {**p, "ride": draw.between(61, 359)}
    if level < len(_FORMS):
        return {
            **p,
            "ride": draw.between(61, 199),
            "wait": draw.between(5, 59),
            "next_ride": draw.between(61, 199),
        }
    return {
        **p,
        "n_stops": draw.between(3, 9),
        "run": draw.between(3, 15),
        "stop": draw.between(1, 4),
        "wait": draw.between(5, 59),
        "next_ride": draw.between(61, 199),
    }


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Return times and lengths of time as the language writes them."""
    told: dict[str, object] = {key: p[key] for key in ("n_stops",) if key in p}
    hour, minute = divmod(p["time"], 60)
    told["time"] = words["clock" if minute else "sharp"].format(hour=hour, minute=minute, two=f"{minute:02}")
    for key in ("ride", "next_ride", "wait", "run", "stop"):
        if key in p:
            hours, minutes = divmod(p[key], 60)
            parts = [
                words[one if number == 1 else many].format(number)
                for number, one, many in ((hours, "one_hour", "hours"), (minutes, "one_minute", "minutes"))
                if number
            ]
            told[key] = words["and"].join(parts)
    return told


def solve(p: Parameters, method: str) -> Worked:
    """Reckon in minutes of the day, or with hours and minutes apart."""
    steps: list[Step] = []
    back = p["form"].endswith("departure")
    whole = _journey(steps, p, in_minutes=method == "minutes_of_the_day")
    hour, minute = divmod(p["time"], 60)
    sign = "-" if back else "+"
    if method == "minutes_of_the_day":
        steps.append(Step("start_back" if back else "start", f"{minutes_of(hour, minute)} = {p['time']}"))
        end = p["time"] - whole if back else p["time"] + whole
        if not 0 <= end < _DAY:
            turn = f"{sign} {whole} {'+' if back else '-'} 1440"
            end %= _DAY
            steps.append(
                Step("end_other_day_back" if back else "end_other_day", f"{p['time']} {turn} = {end}")
            )
        else:
            steps.append(Step("end_back" if back else "end", f"{p['time']} {sign} {whole} = {end}"))
        steps.append(Step("clock", f"{end} = 60 × {end // 60} + {end % 60}"))
    else:
        end = _apart(steps, hour, minute, whole, back=back)
    written = f"{end // 60:02}:{end % 60:02}"
    steps.append(Step("told", slots={"hour": end // 60, "minute": end % 60, "written": written}))
    return Worked(tuple(steps), written)


def _journey(steps: list[Step], p: Parameters, *, in_minutes: bool) -> int:
    """Add up the parts of the journey; one ride alone is needed in hours and minutes or in minutes."""
    parts: list[int] = []
    if "n_stops" in p:
        n, run, stop = p["n_stops"], p["run"], p["stop"]
        steps.append(Step("n_runs", f"{n} + 1 = {n + 1}"))
        steps.append(Step("runs", f"{run} × {n + 1} = {run * (n + 1)}"))
        steps.append(Step("stops", f"{stop} × {n} = {stop * n}"))
        parts += [run * (n + 1), stop * n]
    else:
        parts.append(p["ride"])
        if in_minutes or "wait" in p:
            steps.append(
                Step(
                    "ride_minutes" if "wait" in p else "only_ride_minutes",
                    f"{minutes_of(*divmod(p['ride'], 60))} = {p['ride']}",
                )
            )
    if "wait" in p:
        ride = p["next_ride"]
        steps.append(Step("next_ride_minutes", f"{minutes_of(*divmod(ride, 60))} = {ride}"))
        parts += [p["wait"], ride]
        steps.append(Step("journey", f"{' + '.join(map(str, parts))} = {sum(parts)}"))
    whole = sum(parts)
    if not in_minutes and "wait" in p:
        steps.append(Step("journey_split", f"{whole} = 60 × {whole // 60} + {whole % 60}"))
    return whole


def _apart(steps: list[Step], hour: int, minute: int, whole: int, *, back: bool) -> int:
    """Add or take away the minutes, carry, then the hours."""
    hours, minutes = divmod(whole, 60)
    if back:
        borrow = minute < minutes
        steps.append(
            Step("minutes_borrowed", f"{minute} + 60 - {minutes} = {minute + 60 - minutes}")
            if borrow
            else Step("minutes_back", f"{minute} - {minutes} = {minute - minutes}")
        )
        end = hour - hours - borrow
        told = f"{hour} - {hours}" + " - 1" * borrow
    else:
        carry = minute + minutes >= 60  # noqa: PLR2004 - minutes of an hour
        told = f"{minute} + {minutes}" + " - 60" * carry
        steps.append(Step("minutes_carried" if carry else "minutes", f"{told} = {(minute + minutes) % 60}"))
        end = hour + hours + carry
        told = f"{hour} + {hours}" + " + 1" * carry
    if 0 <= end < 24:  # noqa: PLR2004 - hours of a day
        steps.append(Step("hours_back" if back else "hours", f"{told} = {end}"))
    else:
        told += " + 24" if back else " - 24"
        end %= 24
        steps.append(Step("hours_other_day_back" if back else "hours_other_day", f"{told} = {end}"))
    return end * 60 + (minute - minutes if back else minute + minutes) % 60


FAMILY = Family(
    kind="time",
    draw=draw,
    solve=solve,
    methods=("minutes_of_the_day", "hours_and_minutes"),
    scenes=_SCENES,
    slots=slots,
)
