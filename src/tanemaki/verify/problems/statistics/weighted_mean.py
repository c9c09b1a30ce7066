"""The mean of several groups of different sizes (加重平均).

Levels have two, three and four groups.

Source: 小学校学習指導要領 算数 第5学年「測定値の平均」; the mean of the means is the usual
error.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked, decimal

_SCENES = {
    "classes": (51, 92, 1, (50, 100)),
    "apples": (90, 240, 10, (20, 50)),
    "reading": (12, 60, 1, (20, 50)),
    "fish": (82, 310, 1, (20, 50)),
}
"""The least and the largest mean of a group, their step, and how many there are in all."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw groups whose sizes add up to a number by which everything divides into decimals."""
    scene = draw.choose(tuple(_SCENES))
    low, high, step, sizes = _SCENES[scene]
    total, n = draw.choose(sizes), level + 1
    even = total // n
    counts = [even + draw.between(-even // 2, even // 3) for _ in range(n - 1)]
    counts.append(total - sum(counts))
    means = [step * mean for mean in draw.sample(range(low // step, high // step + 1), n)]
    return {"scene": scene, "groups": [[count, mean] for count, mean in zip(counts, means, strict=True)]}


def solve(p: Parameters, method: str) -> Worked:
    """Add up totals, or only what lies above the smallest mean."""
    groups = p["groups"]
    n = sum(count for count, _ in groups)
    mean = Fraction(sum(count * one for count, one in groups), n)
    base = min(one for _, one in groups) if method == "above_the_smallest" else 0
    parts = [(one - base) * count for count, one in groups]
    steps = [
        Step(
            "above" if base else "total",
            f"({one} - {base}) × {count} = {part}" if base else f"{one} × {count} = {part}",
            {"group": place, "low": base},
        )
        for place, ((count, one), part) in enumerate(zip(groups, parts, strict=True), 1)
    ]
    steps.append(Step("sum", f"{' + '.join(map(str, parts))} = {sum(parts)}"))
    steps.append(Step("size", f"{' + '.join(str(count) for count, _ in groups)} = {n}"))
    shown = decimal(mean)
    if base:
        part = decimal(mean - base)
        steps.append(Step("mean_above", f"{sum(parts)} ÷ {n} = {part}", {"low": base}))
        steps.append(Step("mean", f"{base} + {part} = {shown}"))
    else:
        steps.append(Step("mean", f"{sum(parts)} ÷ {n} = {shown}"))
    return Worked(tuple(steps), mean.numerator if mean.denominator == 1 else shown)


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """List the groups, each with its size and its mean."""
    shown = [
        words["group"].format(n=count, mean=mean, place=place)
        for place, (count, mean) in enumerate(p["groups"], 1)
    ]
    return {"groups": words["semicolon"].join(shown)}


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("totals", "above_the_smallest"),
    scenes=tuple(_SCENES),
    slots=slots,
)
