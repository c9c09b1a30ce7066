"""Two people who walk towards each other, catch up, or go round a pond: 旅人算.

Level 1 starts both at once towards each other, level 2 lets one catch up with the other; level 3 gives one a head start
towards the other, or finds a speed from two meetings round a pond.

Source: 吉田光由『塵劫記』 (1627) has such travellers; the forms here are those of today's Japanese schoolbooks.
"""

from __future__ import annotations

from math import gcd

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_SPEEDS = {"walk": (10, 18), "run": (24, 40), "cycle": (36, 60)}
"""Least and highest speed, in units of five metres a minute."""
_FORMS = {1: ("towards",), 2: ("catch_up",), 3: ("head_start", "pond")}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw two speeds and a time that comes out even."""
    scene = draw.choose(tuple(_SPEEDS))
    low, high = _SPEEDS[scene]
    slow = 5 * draw.between(low, high - 2)
    fast = slow + 5 * draw.between(1, min(12, high - slow // 5))
    found: dict[str, Json] = {
        "scene": scene,
        "form": draw.choose(_FORMS[level]),
        "people": draw.sample(range(36), 2),
    }
    minutes = draw.between(4, 30)
    if found["form"] == "catch_up":
        difference = 5 * draw.between(-(-slow // 40), 21 - slow // 5 if scene == "walk" else 12)
        unit = difference // gcd(
            slow, difference
        )  # whole minutes of a head start that are caught up in whole minutes
        ahead = unit * draw.between(-(-3 // unit), 12 // unit)
        return found | {"first_speed": slow, "second_speed": slow + difference, "ahead": ahead}
    if found["form"] == "pond":
        # Their sum is a multiple of their difference, so that overtaking takes that multiple of the time for meeting.
        difference = 10 * draw.between(low // 10, low * 4 // 10)
        times = draw.between(max(3, -(-10 * low // difference)), min(12, 10 * high // difference))
        meet = draw.between(3, 12)
        return found | {"round": times * difference * meet, "meet": meet, "overtake": times * meet}
    first, second = (slow, fast) if draw.below(2) else (fast, slow)
    found |= {"first_speed": first, "second_speed": second}
    if found["form"] == "towards":
        return found | {"way": (first + second) * minutes}
    ahead = draw.between(2, 15)
    return found | {"ahead": ahead, "way": (first + second) * minutes + first * ahead}


def solve(p: Parameters, method: str) -> Worked:
    """Use how fast the gap between both changes, or write an equation."""
    if p["form"] == "pond":
        return _pond(p, by_equation=method == "equation")
    first, second = p["first_speed"], p["second_speed"]
    head = first * p.get("ahead", 0)
    if p["form"] == "catch_up":
        gap, speed, sign = head, second - first, "-"
    else:
        gap, speed, sign = p["way"] - head, first + second, "+"
    minutes = gap // speed
    if method == "equation":
        where = {"x": minutes}
        equation = {
            "towards": f"{first}x + {second}x = {gap}",
            "catch_up": f"{second}x = {first}(x + {p.get('ahead')})",
            "head_start": f"{first}(x + {p.get('ahead')}) + {second}x = {p.get('way')}",
        }[p["form"]]
        gathered = f"{speed}x = {p.get('way')} - {head}" if p["form"] == "head_start" else f"{speed}x = {gap}"
        steps = [
            Step("minutes_are_x"),
            Step("equation", equation, where=where),
            Step("gathered", gathered, where=where),
            Step("minutes", f"x = {gap} ÷ {speed} = {minutes}", where=where),
        ]
        return Worked(tuple(steps), minutes)
    steps = [Step("head", f"{first} × {p['ahead']} = {head}")] if head else []
    if p["form"] == "head_start":
        steps.append(Step("gap", f"{p['way']} - {head} = {gap}"))
    larger, smaller = (second, first) if sign == "-" else (first, second)
    key = "closing_behind" if sign == "-" else "closing"
    steps.append(Step(key, f"{larger} {sign} {smaller} = {speed}"))
    steps.append(Step("minutes", f"{gap} ÷ {speed} = {minutes}"))
    return Worked(tuple(steps), minutes)


def _pond(p: Parameters, *, by_equation: bool) -> Worked:
    together, difference = p["round"] // p["meet"], p["round"] // p["overtake"]
    fast = (together + difference) // 2
    if by_equation:
        where = {"x": fast, "y": fast - difference}
        steps = [
            Step("speeds_are_x_and_y"),
            Step("meeting_equation", f"x + y = {p['round']} ÷ {p['meet']} = {together}", where=where),
            Step(
                "overtaking_equation", f"x - y = {p['round']} ÷ {p['overtake']} = {difference}", where=where
            ),
            Step("without_y", f"2x = {together} + {difference} = {together + difference}", where=where),
            Step("fast", f"x = {together + difference} ÷ 2 = {fast}", where=where),
        ]
    else:
        steps = [
            Step("together", f"{p['round']} ÷ {p['meet']} = {together}"),
            Step("difference", f"{p['round']} ÷ {p['overtake']} = {difference}"),
            Step("twice", f"{together} + {difference} = {together + difference}"),
            Step("fast", f"{together + difference} ÷ 2 = {fast}"),
        ]
    return Worked(tuple(steps), fast)


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("relative_speed", "equation"),
    scenes=tuple(_SPEEDS),
)
