"""A value that is carried along a list.

Level 1 names how the value changes and where it starts, level 2 which numbers are left out, level 3 when it starts again.
Source: ours; ``accumulate`` of Python's itertools, with rules.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_CHANGES = {
    "sum": "value += number",
    "difference": "value -= number",
    "largest": "value = max(value, number)",
    "smallest": "value = min(value, number)",
}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw how the value changes, then what else the level names."""
    change = draw.choose(tuple(_CHANGES))
    falls = change in ("difference", "smallest")
    start = 10 * draw.between(3, 9) if falls else draw.between(0, 9)
    limit = {"sum": draw.between(30, 70), "largest": draw.between(35, 48)}.get(change, draw.between(2, 9))
    skipped = draw.choose(("negative", "even", "odd", "multiple")) if level > 1 else "none"
    return {
        "change": change,
        "start": start,
        "skipped": skipped,
        "divisor": draw.between(3, 7) if skipped == "multiple" else 0,
        "limit": limit if level == LEVELS else None,
    }


def _falls(p: Parameters) -> bool:
    return p["change"] in ("difference", "smallest")


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    parts = [f"change_{p['change']}", "start"]
    parts += [f"skipped_{p['skipped']}"] if p["skipped"] != "none" else []
    parts += ["limit_low" if _falls(p) else "limit_high"] if p["limit"] is not None else []
    return tuple(parts)


def way(p: Parameters) -> tuple[str, ...]:
    """Explain the variable, and the order of the lines."""
    parts = ["carried"]
    parts += ["way_skipped"] if p["skipped"] != "none" else []
    parts += ["way_limit"] if p["limit"] is not None else []
    return tuple(parts)


def source(p: Parameters) -> str:
    """Carry one variable along."""
    skipped = {
        "negative": "number < 0",
        "even": "number % 2 == 0",
        "odd": "number % 2 == 1",
        "multiple": f"number % {p['divisor']} == 0",
        "none": "",
    }[p["skipped"]]
    sign = "<=" if _falls(p) else ">="
    return code(
        "def running_totals(numbers: list[int]) -> list[int]:",
        '    """@doc"""',
        f"    value = {p['start']}",
        "    values = []",
        "    for number in numbers:",
        f"        if {skipped}:\n            continue  # @skip" if skipped else None,
        f"        {_CHANGES[p['change']]}",
        "        values.append(value)",
        f"        if value {sign} {p['limit']}:\n            value = {p['start']}  # @again"
        if p["limit"] is not None
        else None,
        "    return values",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try short and long lists, negative numbers, the limit itself, and none."""
    low = 1 if p["skipped"] != "negative" and p["change"] != "largest" else -20
    reach = p["limit"] if p["limit"] is not None else 12
    exact = {"sum": reach - p["start"], "difference": p["start"] - reach}.get(p["change"], reach)
    return [
        [[draw.between(low, 25) for _ in range(6)]],
        [[draw.between(low, 30) for _ in range(7)]],
        [[draw.between(-9, 50) for _ in range(15)]],
        [[exact, *(draw.between(1, 20) for _ in range(5))]],
        [[]],
        [[0, -draw.between(1, 9), draw.between(1, 9), 0]],
        [[draw.between(-30, 60) for _ in range(25)]],
    ]


def expected(p: Parameters, numbers: list[int]) -> Json:
    """Work every value out anew from the numbers since the last start."""
    d = p["divisor"]
    kept = {
        "none": lambda _: True,
        "negative": lambda n: n >= 0,
        "even": lambda n: bool(n & 1),
        "odd": lambda n: not n & 1,
        "multiple": lambda n: n != n // d * d,
    }[p["skipped"]]
    counted = list(filter(kept, numbers))
    found: list[int] = []
    begin = 0
    for end in range(1, len(counted) + 1):
        part = counted[begin:end]
        value = {
            "sum": p["start"] + sum(part),
            "difference": p["start"] - sum(part),
            "largest": max(p["start"], *part),
            "smallest": min(p["start"], *part),
        }[p["change"]]
        found.append(value)
        if p["limit"] is not None and (value <= p["limit"] if _falls(p) else value >= p["limit"]):
            begin = end
    return found


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
