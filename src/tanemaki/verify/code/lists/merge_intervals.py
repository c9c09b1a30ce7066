"""Intervals that are merged where they overlap.

Level 1 says whether touching counts and what is returned, level 2 what an interval is whose ends are the wrong way round,
level 3 how wide a gap is bridged and how short a result is left out. Source: ours; the classic sweep over sorted intervals.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_RESULTS = {
    "list": "merged",
    "total": "sum(end - start for start, end in merged)",
    "count": "len(merged)",
    "longest": "max((end - start for start, end in merged), default=0)",
    "gaps": "[[left[1], right[0]] for left, right in zip(merged, merged[1:])]",
}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the result and what touching means, then what else the level names."""
    return {
        "result": draw.choose(tuple(_RESULTS)),
        "touch": "gap" if level == LEVELS else draw.choose(("merge", "apart")),
        "gap": draw.between(1, 5) if level == LEVELS else 0,
        "reversed": draw.choose(("swap", "ignore")) if level > 1 else "never",
        "shortest": draw.between(4, 12) if level == LEVELS else 0,
    }


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = [f"result_{p['result']}", f"touch_{p['touch']}"]
    parts += [f"reversed_{p['reversed']}"] if p["reversed"] != "never" else []
    parts += ["shortest"] if p["shortest"] else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the sort."""
    return ("sorting", "last_end", *((f"way_{p['reversed']}",) if p["reversed"] != "never" else ()))


def source(p: Parameters) -> str:
    """Sort by the start and extend the last one."""
    gives = {"list": "list[list[int]]", "gaps": "list[list[int]]"}.get(p["result"], "int")
    told = {
        "never": "sorted(intervals)",
        "swap": "sorted(sorted(one) for one in intervals)",
        "ignore": "sorted(one for one in intervals if one[0] < one[1])",
    }[p["reversed"]]
    meets = {"merge": "start <= merged[-1][1]", "apart": "start < merged[-1][1]"}.get(
        p["touch"], f"start - merged[-1][1] <= {p['gap']}"
    )
    return code(
        f"def merge_intervals(intervals: list[list[int]]) -> {gives}:",
        '    """@doc"""',
        "    merged = []",
        f"    for start, end in {told}:  # @by_start",
        f"        if merged and {meets}:",
        "            merged[-1][1] = max(merged[-1][1], end)  # @inside",
        "        else:",
        "            merged.append([start, end])",
        f"    merged = [one for one in merged if one[1] - one[0] >= {p['shortest']}]"
        if p["shortest"]
        else None,
        f"    return {_RESULTS[p['result']]}",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try intervals that overlap, touch, lie in one another or apart, one, and none."""
    wrong = p["reversed"] != "never"

    def some(n: int, last: int) -> list[list[int]]:
        found = []
        for _ in range(n):
            start = draw.between(0, last)
            one = [start, start + draw.between(1, 14)]
            found.append(one[::-1] if wrong and not draw.below(3) else one)
        return found

    a = draw.between(10, 20)
    touching = [[a, a + 6], [a + 6, a + 13], [a + 20, a + 30], [a + 30 + p["gap"], a + 44], [a + 52, a + 60]]
    back = [[a + 70, a + 61]] if wrong else []
    bridged = [
        [a, a + 20],
        [a + 21 + p["gap"], a + 40],
        [a + 2, a + 5],
        [a + 44, a + 44 + max(1, p["shortest"] - 1)],
    ]
    return [
        [draw.sample([*touching, *back], 9)],
        [some(4, 40)],
        [draw.sample([*bridged, [a + 80, a + 80 + max(1, p["shortest"])]], 9)],
        [some(14, 150)],
        [[]],
        [[[a, a + 15]]],
        [some(9, 90)],
    ]


def expected(p: Parameters, intervals: list[list[int]]) -> Json:
    """Paint every half point of the line, a little further than each interval goes."""
    further = 2 * p["gap"]
    edge = 1 if p["touch"] == "apart" else 0
    painted: set[int] = set()
    for a, b in intervals:
        if a < b or p["reversed"] == "swap":
            low, high = (a, b) if a < b else (b, a)
            painted.update(range(2 * low + edge, 2 * high - edge + further + 1))
    merged = []
    for point in sorted(painted):
        if point - 1 not in painted:
            end = point
            while end + 1 in painted:
                end += 1
            merged.append([(point - edge) // 2, (end + edge - further) // 2])
    merged = [one for one in merged if one[1] - one[0] >= p["shortest"]]
    lengths = [b - a for a, b in merged]
    return {
        "list": merged,
        "total": sum(lengths),
        "count": len(lengths),
        "longest": max([0, *lengths]),
        "gaps": [[merged[k - 1][1], merged[k][0]] for k in range(1, len(merged))],
    }[p["result"]]


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
