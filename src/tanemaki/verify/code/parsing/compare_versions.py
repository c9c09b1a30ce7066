"""Version numbers that are compared.

Level 1 compares numbers part by part, level 2 looks at so many parts and takes a letter off the front, level 3 knows
versions before a release. Source: ours; Semantic Versioning, in part.
"""

from __future__ import annotations

from itertools import zip_longest

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_STAGES = ("alpha", "beta", "rc", "dev", "pre", "test")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the result and the separator, then what else the level names."""
    return {
        "result": draw.choose(("sign", "newer", "same")),
        "mark": draw.choose((".", "-", "_")) if level < LEVELS else ".",
        "parts": draw.between(2, 4) if level > 1 else 0,
        "front": draw.choose(("v", "V", "r", "ver.", "release-")) if level > 1 else "",
        "stage": draw.choose(_STAGES) if level == LEVELS else "",
        "stage_mark": draw.choose(("-", "+", "~")) if level == LEVELS else "",
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = [f"result_{p['result']}", "numbers", "missing"]
    parts += ["front", "parts"] if p["parts"] else []
    parts += ["stage"] if p["stage"] else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain lists of numbers."""
    return ("lists", "padding", *(("way_stage",) if p["stage"] else ()))


def source(p: Parameters) -> str:
    """Make a list of numbers of each."""
    result = {
        "sign": "(one > other) - (one < other)  # @sign",
        "newer": "first if one >= other else second",
        "same": "one == other",
    }[p["result"]]
    gives = {"sign": "int", "newer": "str", "same": "bool"}[p["result"]]
    final = [
        f'    version, found, _ = version.partition("{p["stage_mark"]}{p["stage"]}")',
    ]
    return code(
        "def version_key(version: str) -> list[int]:",
        '    """@key"""',
        f'    version = version.removeprefix("{p["front"]}")' if p["front"] else None,
        *(final if p["stage"] else []),
        f'    numbers = [int(part) for part in version.split("{p["mark"]}")]',
        f"    numbers = (numbers + [0] * {p['parts']})[:{p['parts']}]  # @pad"
        if p["parts"]
        else "    while numbers and numbers[-1] == 0:\n        numbers.pop()  # @strip",
        "    return [*numbers, 0 if found else 1]  # @release" if p["stage"] else "    return numbers",
        "\n",
        f"def compare_versions(first: str, second: str) -> {gives}:",
        '    """@doc"""',
        "    one, other = version_key(first), version_key(second)",
        f"    return {result}",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try equal ones, ten after nine, missing parts, leading noughts, further parts, and versions before a release."""
    mark, front = p["mark"], p["front"]
    stage = p["stage_mark"] + p["stage"]

    def told(*numbers: int | str) -> str:
        return str(front * draw.below(2) + mark.join(map(str, numbers)))

    a, b, c = draw.between(1, 9), draw.between(0, 9), draw.between(0, 9)
    n = p["parts"] or 3
    full = [a, b, c, 7, 8][:n]
    early = stage + draw.choose(("", "1", "2"))
    unlike, alike = [told(a, b + 1), told(a, b, c)], [told(a), told(a, *[0] * (n - 1))]
    return [
        [told(a, 9, c), told(a, 10, c)],
        *([alike, unlike] if p["result"] == "same" else [unlike, alike]),  # both answers are shown
        [told(a, f"0{b}"), told(a, b)],
        [told(*full, 3), told(*full, 5)],
        [told(a, b) + early, told(a, b)],
        [told(a + 1, b) + early, told(a, b + 2)],
        [told(*full), told(*full[:-1], full[-1] + 1) + early],
    ]


def expected(p: Parameters, first: str, second: str) -> Json:
    """Compare number after number, as far as it goes."""
    told = []
    for version in (first, second):
        body = version[len(p["front"]) :] if p["front"] and version.startswith(p["front"]) else version
        early = bool(p["stage"]) and p["stage_mark"] + p["stage"] in body
        body = body.split(p["stage_mark"] + p["stage"])[0] if early else body
        told.append((body.split(p["mark"]), early))
    (one, one_early), (other, other_early) = told
    sign = 0
    for place, (a, b) in enumerate(zip_longest(one, other, fillvalue="0")):
        if sign == 0 and not 0 < p["parts"] <= place:
            sign = (int(a) > int(b)) - (int(a) < int(b))
    sign = sign or (other_early - one_early)
    return {"sign": sign, "newer": first if sign >= 0 else second, "same": sign == 0}[p["result"]]


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
