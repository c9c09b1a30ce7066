"""A boat on a river, with the stream and against it: 流水算.

Level 1 asks for the time down or up the river, level 2 for the stream from both times, level 3 for the time of a second
boat.

Source: ours; 流水算 is a standing type of Japanese entrance examinations, with these questions.
"""

from __future__ import annotations

from math import gcd

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_SCENES = ("motorboat", "ferry", "barge", "water_bus")
_MINUTES = range(5, 121)
"""How long the second boat may take."""
_FORMS = {1: ("down", "up"), 2: ("stream",), 3: ("other",)}
_TIMES = tuple(
    (down, up) for down in range(2, 8) for up in range(down + 1, 2 * down + 2) if gcd(down, up) == 1
)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw speeds in metres a minute, and ways that take whole minutes."""
    form = draw.choose(_FORMS[level])
    found: dict[str, Json] = {
        "scene": draw.choose(_SCENES),
        "form": form,
        "people": draw.sample(range(36), 1),
    }
    if level == 1:
        stream = 5 * draw.between(2, 12)
        still = stream + 5 * draw.between(8, 50)
        speed = still + stream if form == "down" else still - stream
        return found | {"still": still, "stream": stream, "way": speed * draw.between(6, 40)}
    down_parts, up_parts = draw.choose(_TIMES)
    # The speeds are as the times the other way round, and half of their difference is whole.
    low = -(-8 // down_parts)
    unit = 10 * draw.between(low, max(low, min(45 // up_parts, 16 // (up_parts - down_parts))))
    least = -(-6 // down_parts)
    many = draw.between(least, max(least, 45 // up_parts))
    found |= {"way": unit * down_parts * up_parts * many, "down": down_parts * many, "up": up_parts * many}
    if level == 3:  # noqa: PLR2004 - the last level
        stream = unit * (up_parts - down_parts) // 2
        fast, slow, way = unit * up_parts, unit * down_parts, found["way"]
        speeds = (speed for speed in range(40, 401, 5) if way % speed == 0 and speed != slow)
        found["other"] = stream + draw.choose(
            [speed for speed in speeds if way // speed in _MINUTES] or [fast]
        )
    return found


def solve(p: Parameters, method: str) -> Worked:
    """Add the stream to the boat's speed or take it away, or write equations."""
    by_equation = method == "equation"
    if p["form"] in ("down", "up"):
        sign = "+" if p["form"] == "down" else "-"
        speed = p["still"] + p["stream"] if sign == "+" else p["still"] - p["stream"]
        minutes = p["way"] // speed
        if by_equation:
            where = {"x": minutes}
            steps = [
                Step("minutes_are_x"),
                Step(
                    "way_equation",
                    f"({p['still']} {sign} {p['stream']})x = {speed}x = {p['way']}",
                    where=where,
                ),
                Step("minutes", f"x = {p['way']} ÷ {speed} = {minutes}", where=where),
            ]
        else:
            steps = [
                Step(f"{p['form']}_speed", f"{p['still']} {sign} {p['stream']} = {speed}"),
                Step("minutes", f"{p['way']} ÷ {speed} = {minutes}"),
            ]
        return Worked(tuple(steps), minutes)
    fast, slow = p["way"] // p["down"], p["way"] // p["up"]
    stream = (fast - slow) // 2
    if by_equation:
        where = {"x": fast - stream, "y": stream}
        steps = [
            Step("speeds_are_x_and_y"),
            Step("down_equation", f"x + y = {p['way']} ÷ {p['down']} = {fast}", where=where),
            Step("up_equation", f"x - y = {p['way']} ÷ {p['up']} = {slow}", where=where),
            Step("without_x", f"2y = {fast} - {slow} = {fast - slow}", where=where),
            Step("stream", f"y = {fast - slow} ÷ 2 = {stream}", where=where),
        ]
    else:
        steps = [
            Step("down_speed", f"{p['way']} ÷ {p['down']} = {fast}"),
            Step("up_speed", f"{p['way']} ÷ {p['up']} = {slow}"),
            Step("difference", f"{fast} - {slow} = {fast - slow}"),
            Step("stream", f"{fast - slow} ÷ 2 = {stream}"),
        ]
    if p["form"] == "stream":
        return Worked(tuple(steps), stream)
    speed = p["other"] - stream
    minutes = p["way"] // speed
    steps.append(Step("other_speed", f"{p['other']} - {stream} = {speed}"))
    steps.append(Step("other_minutes", f"{p['way']} ÷ {speed} = {minutes}"))
    return Worked(tuple(steps), minutes)


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("half_difference", "equation"), scenes=_SCENES
)
