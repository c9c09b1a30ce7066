"""Something is shared in a ratio: 比例配分, and the ratio of three that is put together from two: 連比.

Level 1 tells the whole and asks a share, level 2 tells how much more one share is and asks the whole, level 3 shares
among three people whose ratio has to be joined first.

Source: 小学校学習指導要領 算数 第6学年 C 変化と関係 (比); 連比 is taught with it in Japanese entrance examination books.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd, lcm

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_FORMS = {1: "share", 2: "whole", 3: "chain"}
_PARTS = {"money": 50, "ribbon": 1, "juice": 5, "sugar": 5, "land": 2}
"""What one part is a multiple of."""
_PAIRS = tuple((m, n) for m in range(1, 12) for n in range(1, 12) if m != n and gcd(m, n) == 1)
_CHAINED = tuple((m, n) for m, n in _PAIRS if max(m, n) < 8)  # noqa: PLR2004 - the joined ratio stays small
_PEOPLE = 36


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the ratio and what one part is worth; in level 2 the first share is the larger one."""
    scene, form = draw.choose(tuple(_PARTS)), _FORMS[level]
    part = draw.between(2, 20 if form == "chain" else 40) * _PARTS[scene]
    p: dict[str, Json] = {
        "form": form,
        "scene": scene,
        "people": draw.sample(range(_PEOPLE), 3 if form == "chain" else 2),
    }
    if form == "chain":
        one = draw.choose(_CHAINED)
        two = draw.choose([pair for pair in _CHAINED if pair[0] != one[1]])
        joined = _join(one, two)
        return {
            **p,
            "ratios": [list(one), list(two)],
            "given": sum(joined) * part,
            "asked": draw.choose("abc"),
        }
    ratio = draw.choose(_PAIRS)
    if form == "whole":
        ratio = (max(ratio), min(ratio))
        return {**p, "ratios": [list(ratio)], "given": (ratio[0] - ratio[1]) * part}
    return {**p, "ratios": [list(ratio)], "given": sum(ratio) * part, "asked": draw.choose("ab")}


def _join(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int, int]:
    shared = lcm(one[1], two[0])
    return one[0] * (shared // one[1]), shared, two[1] * (shared // two[0])


def slots(p: Parameters, words: Words) -> dict[str, object]:
    """Return the ratios with colons, and whose share is asked."""
    told: dict[str, object] = {"given": p["given"], "ratio": ":".join(map(str, p["ratios"][0]))}
    if len(p["ratios"]) > 1:
        told["next_ratio"] = ":".join(map(str, p["ratios"][1]))
    if "asked" in p:
        told["asked"] = words[p["asked"]]
    return told


def solve(p: Parameters, method: str) -> Worked:
    """Find what one part is worth, or the fraction of the whole, or take one part for x."""
    given, form = p["given"], p["form"]
    steps: list[Step] = []
    parts: Sequence[int] = _joined(steps, *p["ratios"]) if form == "chain" else p["ratios"][0]
    count = sum(parts)
    told = " + ".join(map(str, parts))
    if form == "whole":
        more = parts[0] - parts[1]
        return _whole(given, parts, more, method)
    own = parts["abc".index(p["asked"])]
    part, answer = given // count, given // count * own
    where = {"x": part}
    who = {"who": Who(p["asked"])}
    if method == "one_part":
        steps.append(Step("count", f"{told} = {count}"))
        steps.append(Step("part", f"{given} ÷ {count} = {part}"))
        steps.append(Step("own", f"{part} × {own} = {answer}", who))
    elif method == "fraction_of_whole":
        steps.append(Step("count", f"{told} = {count}"))
        steps.append(Step("fraction", f"{own} ÷ {count} = {own}/{count}", who))
        steps.append(Step("own", f"{given} × {own}/{count} = {answer}", who))
    else:
        steps.append(Step("unknown"))
        steps.append(Step("sum_equation", " + ".join(map(_x, parts)) + f" = {count}x = {given}", where=where))
        steps.append(Step("solved", f"x = {given} ÷ {count} = {part}", where=where))
        steps.append(Step("own", f"{own} × {part} = {answer}", who))
    return Worked(tuple(steps), answer)


def _joined(steps: list[Step], one: list[int], two: list[int]) -> tuple[int, int, int]:
    (m, n), (s, t) = one, two
    shared = lcm(n, s)
    up, down = shared // n, shared // s
    steps.append(Step("shared", f"{n} × {up} = {s} × {down} = {shared}"))
    steps.append(Step("joined", f"{m} × {up} = {m * up}", {"who": Who("a")}))
    steps.append(Step("joined", f"{t} × {down} = {t * down}", {"who": Who("c")}))
    return m * up, shared, t * down


def _whole(given: int, parts: Sequence[int], more: int, method: str) -> Worked:
    (high, low), count, part = parts, sum(parts), given // more
    where = {"x": part}
    if method == "fraction_of_whole":
        steps = [
            Step("count", f"{high} + {low} = {count}"),
            Step("gap_fraction", f"{high}/{count} - {low}/{count} = {more}/{count}"),
            Step("whole", f"{given} ÷ {more}/{count} = {part * count}"),
        ]
    elif method == "one_part":
        steps = [
            Step("gap", f"{high} - {low} = {more}"),
            Step("part", f"{given} ÷ {more} = {part}"),
            Step("count", f"{high} + {low} = {count}"),
            Step("whole", f"{part} × {count} = {part * count}"),
        ]
    else:
        steps = [
            Step("unknown"),
            Step("gap_equation", f"{high}x - {_x(low)} = {_x(more)} = {given}", where=where),
            *([Step("solved", f"x = {given} ÷ {more} = {part}", where=where)] if more > 1 else []),
            Step("whole", f"{high}x + {_x(low)} = {count}x = {count} × {part} = {part * count}", where=where),
        ]
    return Worked(tuple(steps), part * count)


def _x(times: int) -> str:
    return "x" if times == 1 else f"{times}x"


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("one_part", "fraction_of_whole", "equation"),
    scenes=tuple(_PARTS),
    slots=slots,
)
