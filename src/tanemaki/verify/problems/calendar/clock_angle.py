"""The hands of a clock: 時計算.

Level 1 asks how far one hand turns, level 2 for the angle between the hands some minutes after a time, level 3 when the
hands next overlap or make a given angle.

Source: 時計算, one of the named word problems (特殊算) of Japanese entrance examinations.
"""

from __future__ import annotations

from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.calendar._clock import minutes_of
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked, decimal

_ROUND, _HALF = 360, 180
_HALF_DAY = 720
"""Minutes of a round of the hour hand, which turns half a degree a minute."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw times on a twelve-hour clock, and for level 3 an angle that the hands do not make at that time."""
    hour, minute = draw.between(1, 11), draw.between(0, 59)
    if level == 1:
        hour, later = sorted(draw.sample(range(1, 12), 2))
        form = draw.choose(("minute_hand", "hour_hand"))
        return {"form": form, "start": [hour, minute], "end": [later, draw.between(0, 59)]}
    if level == len(_FORMS):
        ahead = (60 * hour - 11 * minute) % (2 * _ROUND)  # half degrees
        if draw.below(7) == 0:
            return {"form": "overlap", "start": [hour, minute]}
        angle = draw.between(1, _HALF)
        if ahead in (2 * angle, 2 * (_ROUND - angle)):
            angle = angle + 1 if angle < _HALF else 90
        return {"form": "angle", "start": [hour, minute], "angle": angle}
    return {"form": "between", "start": [hour, minute], "minutes": draw.between(5, 300)}


_FORMS = {1: ("minute_hand", "hour_hand"), 2: ("between",), 3: ("overlap", "angle")}


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Return the times as the language writes them."""
    told: dict[str, object] = {key: p[key] for key in ("minutes", "angle") if key in p}
    for which in ("start", "end"):
        if which in p:
            hour, minute = p[which]
            told[which] = words["clock" if minute else "sharp"].format(
                hour=hour, minute=minute, two=f"{minute:02}"
            )
    return told


def solve(p: Parameters, method: str) -> Worked:
    """Follow each hand by its degrees a minute, or reckon in whole turns and with an equation."""
    by_degrees = method == "degrees_a_minute"
    form = p["form"]
    if form in ("minute_hand", "hour_hand"):
        return _turn(p, form, by_degrees=by_degrees)
    if form == "between":
        return _between(p, by_degrees=by_degrees)
    return _meeting(p, by_degrees=by_degrees)


def _turn(p: Parameters, form: str, *, by_degrees: bool) -> Worked:
    (hour, minute), (later, end) = p["start"], p["end"]
    minutes = (later - hour) * 60 + end - minute
    steps = [Step("minutes_between", f"{minutes_of(f'({later} - {hour})', end, minute)} = {minutes}")]
    is_minute = form == "minute_hand"
    turn = Fraction(minutes * 6 if is_minute else minutes) / (1 if is_minute else 2)
    if by_degrees:
        speed = "6" if is_minute else "0.5"
        steps.append(Step(f"{form}_speed", "360 ÷ 60 = 6" if is_minute else "360 ÷ 12 ÷ 60 = 0.5"))
        steps.append(Step("turn", f"{speed} × {minutes} = {decimal(turn)}"))
    else:
        share = Fraction(minutes, 60 if is_minute else _HALF_DAY)
        steps.append(Step("turns", f"{minutes} ÷ {60 if is_minute else _HALF_DAY} = {share}"))
        steps.append(Step("turn", f"360 × {share} = {decimal(turn)}"))
    return Worked(tuple(steps), _plain(turn))


def _between(p: Parameters, *, by_degrees: bool) -> Worked:
    hour, minute = p["start"]
    total = hour * 60 + minute + p["minutes"]
    steps = [Step("since_twelve", f"{minutes_of(hour, minute)} + {p['minutes']} = {total}")]
    if total >= _HALF_DAY:
        steps.append(Step("past_twelve", f"{total} - 720 = {total - _HALF_DAY}"))
        total -= _HALF_DAY
    if by_degrees:
        past = total % 60
        steps.append(Step("time", f"{total} = 60 × {total // 60} + {past}"))
        high, low = Fraction(total, 2), Fraction(past * 6)
        steps.append(Step("hour_hand_at", f"0.5 × {total} = {decimal(high)}"))
        steps.append(Step("minute_hand_at", f"6 × {past} = {past * 6}"))
        angle = abs(high - low)
        steps.append(
            Step("difference", f"{decimal(max(high, low))} - {decimal(min(high, low))} = {decimal(angle)}")
        )
    else:
        gain = Fraction(11 * total, 2)
        steps.append(Step("gain_a_minute", "6 - 0.5 = 5.5"))
        steps.append(Step("gain", f"5.5 × {total} = {decimal(gain)}"))
        angle = gain % _ROUND
        if gain >= _ROUND:
            steps.append(Step("rounds", f"{decimal(gain)} = 360 × {gain // _ROUND} + {decimal(angle)}"))
    if angle > _HALF:
        steps.append(Step("smaller", f"360 - {decimal(angle)} = {decimal(_ROUND - angle)}"))
        angle = _ROUND - angle
    return Worked(tuple(steps), _plain(angle))


def _meeting(p: Parameters, *, by_degrees: bool) -> Worked:
    hour, minute = p["start"]
    angle: int = p.get("angle", 0)
    high, low = Fraction(60 * hour + minute, 2), Fraction(6 * minute)
    steps = [
        Step("hour_hand_start", f"30 × {hour}{f' + 0.5 × {minute}' if minute else ''} = {decimal(high)}"),
        Step("minute_hand_start", f"6 × {minute} = {6 * minute}"),
    ]
    ahead = (high - low) % _ROUND
    around = " + 360" if high < low else ""
    steps.append(Step("ahead", f"{decimal(high)} - {6 * minute}{around} = {decimal(ahead)}"))
    need, told = ahead, decimal(ahead)
    if ahead > _ROUND - angle:
        need = ahead - _ROUND + angle
        steps.append(Step("other_side", f"360 - {angle} = {360 - angle}"))
        steps.append(Step("gain_needed", f"{told} - {360 - angle} = {decimal(need)}"))
    elif angle:
        need = ahead - angle if ahead > angle else ahead + angle
        steps.append(Step("gain_needed", f"{told} {'-' if ahead > angle else '+'} {angle} = {decimal(need)}"))
    minutes = need * Fraction(2, 11)
    if by_degrees:
        steps.append(Step("gain_a_minute", "6 - 0.5 = 5.5"))
        steps.append(Step("minutes", f"{decimal(need)} ÷ 5.5 = {minutes}"))
    else:
        where = {"x": minutes}
        steps.append(Step("unknown"))
        steps.append(Step("gain_equation", f"6x - 0.5x = {decimal(need)}", where=where))
        steps.append(Step("minutes", f"x = {decimal(need)} ÷ 5.5 = {minutes}", where=where))
    return Worked(tuple(steps), minutes.numerator if minutes.denominator == 1 else str(minutes))


def _plain(value: Fraction) -> Json:
    return value.numerator if value.denominator == 1 else decimal(value)


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("degrees_a_minute", "turns_and_equation"), slots=slots
)
