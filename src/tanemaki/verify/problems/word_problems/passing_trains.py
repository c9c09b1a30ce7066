"""Trains that cross bridges, tunnels and each other: 通過算.

Level 1 lets one train cross a bridge or be hidden in a tunnel, level 2 two trains meet or overtake each other, level 3 finds
a train's length or speed from a bridge and a tunnel.

Source: ours; 通過算 is a standing type of Japanese entrance examinations, with these four questions.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_SPEEDS = {"local": (14, 24), "express": (20, 32), "freight": (12, 22), "limited": (24, 36)}
"""Least and highest speed in metres a second."""
_FORMS = {1: ("bridge", "hidden"), 2: ("towards", "overtake"), 3: ("length",)}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw speeds, lengths and seconds, and the way that follows from them."""
    scene = draw.choose(tuple(_SPEEDS))
    speed = draw.between(*_SPEEDS[scene])
    length = 10 * draw.between(8, 26)
    found: dict[str, Json] = {"scene": scene, "form": draw.choose(_FORMS[level])}
    least = length // speed + 1
    if level == 1:
        seconds = draw.between(least + 8, least + 45)
        sign = 1 if found["form"] == "hidden" else -1
        return found | {"length": length, "speed": speed, "way": speed * seconds + sign * length}
    if level == 2:  # noqa: PLR2004 - levels are 1 to 3
        return found | _two_trains(draw, found["form"], speed)
    first = draw.between(least + 8, least + 30)
    second = first + draw.between(4, 40)
    ways = {"first_way": speed * first - length, "second_way": speed * second - length}
    return found | ways | {"first_seconds": first, "second_seconds": second}


def _two_trains(draw: Draw, form: str, speed: int) -> dict[str, Json]:
    """Return speeds and lengths of two trains; the first one overtakes."""
    if form == "overtake":
        difference = draw.between(4, 9)
        seconds = draw.between(-(-220 // difference), 480 // difference)
        speed, other, both = speed + difference, speed, difference * seconds
    else:
        other = draw.between(12, 30)
        closing = speed + other
        both = closing * draw.between(-(-220 // closing), 480 // closing)
    first = draw.between(both * 2 // 5, both * 3 // 5)
    return {"first_speed": speed, "second_speed": other, "first_length": first, "second_length": both - first}


def solve(p: Parameters, method: str) -> Worked:
    """Work out the way that the train's front goes, or write an equation."""
    by_equation = method == "equation"
    if p["form"] == "length":
        return _length(p, by_equation=by_equation)
    if p["form"] in ("towards", "overtake"):
        one, other = p["first_length"], p["second_length"]
        fast, slow = p["first_speed"], p["second_speed"]
        sign = "+" if p["form"] == "towards" else "-"
        way, speed = one + other, fast + slow if sign == "+" else fast - slow
        steps = [
            Step("both_lengths", f"{one} + {other} = {way}"),
            Step("closing" if sign == "+" else "gaining", f"{fast} {sign} {slow} = {speed}"),
        ]
        equation = f"{fast}x {sign} {slow}x = {one} + {other}"
    else:
        sign = "+" if p["form"] == "bridge" else "-"
        speed = p["speed"]
        way = p["way"] + p["length"] if sign == "+" else p["way"] - p["length"]
        steps = [
            Step("front_way" if sign == "+" else "hidden_way", f"{p['way']} {sign} {p['length']} = {way}")
        ]
        equation = f"{speed}x = {p['way']} {sign} {p['length']}"
    seconds = way // speed
    if by_equation:
        where = {"x": seconds}
        steps = [
            Step("seconds_are_x"),
            Step("equation", f"{equation} = {way}", where=where),
            Step("seconds", f"x = {way} ÷ {speed} = {seconds}", where=where),
        ]
        return Worked(tuple(steps), seconds)
    return Worked((*steps, Step("seconds", f"{way} ÷ {speed} = {seconds}")), seconds)


def _length(p: Parameters, *, by_equation: bool) -> Worked:
    first, second = p["first_seconds"], p["second_seconds"]
    more, longer = second - first, p["second_way"] - p["first_way"]
    speed = longer // more
    length = speed * first - p["first_way"]
    if by_equation:
        where = {"x": length, "y": speed}
        steps = [
            Step("length_is_x"),
            Step("bridge_equation", f"x + {p['first_way']} = {first}y", where=where),
            Step("tunnel_equation", f"x + {p['second_way']} = {second}y", where=where),
            Step("without_x", f"{more}y = {p['second_way']} - {p['first_way']} = {longer}", where=where),
            Step("speed", f"y = {longer} ÷ {more} = {speed}", where=where),
            Step("train_length", f"x = {first} × {speed} - {p['first_way']} = {length}", where=where),
        ]
        return Worked(tuple(steps), length)
    steps = [
        Step("longer", f"{p['second_way']} - {p['first_way']} = {longer}"),
        Step("more_seconds", f"{second} - {first} = {more}"),
        Step("speed", f"{longer} ÷ {more} = {speed}"),
        Step("bridge_way", f"{speed} × {first} = {speed * first}"),
        Step("train_length", f"{speed * first} - {p['first_way']} = {length}"),
    ]
    return Worked(tuple(steps), length)


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("way_of_the_front", "equation"),
    scenes=tuple(_SPEEDS),
)
