"""A whole is estimated from a sample: 標本調査, with the marked fish of 標識再捕獲法.

Level 1 estimates a part of a known whole, level 2 an unknown number into which marked ones were mixed, level 3 the same
from three samples.

Source: 中学校学習指導要領 数学 第3学年「標本調査」; Petersen 1896 for the marked fish.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_SCENES = ("beads", "marbles", "seeds", "tiles")
_FORMS = {1: "part", 2: "mixed", 3: "three_samples"}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the sample and what it is of, so that the estimate is whole."""
    parameters: dict[str, Json] = {"scene": draw.choose(_SCENES), "form": _FORMS[level]}
    if level == 1:
        sample = draw.between(20, 90)
        return {
            **parameters,
            "sample": sample,
            "marked": draw.between(3, sample - 3),
            "whole": sample * draw.between(8, 60),
        }
    marks = [draw.between(2, 9) for _ in range(1 if level == 2 else 3)]  # noqa: PLR2004 - of three
    samples = [draw.between(22, 90) for _ in marks]
    added = sum(marks) * draw.between(4, 40)
    if level == 2:  # noqa: PLR2004 - of three
        return {**parameters, "sample": samples[0], "marked": marks[0], "added": added}
    return {**parameters, "samples": samples, "marks": marks, "added": added}


def solve(p: Parameters, method: str) -> Worked:
    """Carry the share of the sample over to the whole, or write it as a proportion."""
    if p["form"] == "part":
        sample, marked, whole = p["sample"], p["marked"], p["whole"]
        found = whole * marked // sample
        if method == "share":
            share = Fraction(marked, sample)
            steps = [
                Step("share", f"{marked} ÷ {sample} = {share}"),
                Step("part", f"{whole} × {share} = {found}"),
            ]
            return Worked(tuple(steps), found)
        steps = [
            Step("let_part"),
            Step("proportion_part", f"x ÷ {whole} = {marked} ÷ {sample}", where={"x": found}),
            Step("part", f"x = {whole} × {marked} ÷ {sample} = {found}", where={"x": found}),
        ]
        return Worked(tuple(steps), found)
    steps = []
    if p["form"] == "mixed":
        sample, marked = p["sample"], p["marked"]
    else:
        sample, marked = sum(p["samples"]), sum(p["marks"])
        steps = [
            Step("all_drawn", f"{' + '.join(map(str, p['samples']))} = {sample}"),
            Step("all_marked", f"{' + '.join(map(str, p['marks']))} = {marked}"),
        ]
    added, others = p["added"], sample - marked
    found = added * others // marked
    steps.append(Step("others", f"{sample} - {marked} = {others}"))
    if method == "share":
        times = Fraction(others, marked)
        steps.append(Step("times", f"{others} ÷ {marked} = {times}"))
        steps.append(Step("unknown", f"{added} × {times} = {found}"))
        return Worked(tuple(steps), found)
    steps += [
        Step("let_unknown"),
        Step("proportion_unknown", f"x ÷ {added} = {others} ÷ {marked}", where={"x": found}),
        Step("unknown", f"x = {added} × {others} ÷ {marked} = {found}", where={"x": found}),
    ]
    return Worked(tuple(steps), found)


def slots(p: Parameters, words: Words) -> Mapping[str, object]:  # noqa: ARG001 - the contract's form
    """Tell the numbers, those of three samples one by one."""
    if p["form"] != "three_samples":
        return {key: p[key] for key in ("sample", "marked", "whole", "added") if key in p}
    told: dict[str, object] = {"added": p["added"]}
    told |= dict(zip(("n_1", "n_2", "n_3"), p["samples"], strict=True))
    return {**told, **dict(zip(("m_1", "m_2", "m_3"), p["marks"], strict=True))}


FAMILY = Family(
    kind="number", draw=draw, solve=solve, methods=("share", "proportion"), scenes=_SCENES, slots=slots
)
