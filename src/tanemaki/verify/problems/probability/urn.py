"""Two balls of two colours, one after the other, put back or not.

Level 1 asks for two of one colour or for one and then the other, level 2 for at least one (the complement), level 3 for
the same colour or different ones.

Source: 中学校学習指導要領 数学 第2学年「確率」 and 高等学校 数学A (the multiplication theorem, conditional probability).
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked
from tanemaki.verify.problems.probability._chances import lowest, quotient

_SCENES = ("balls", "candies", "tickets", "marbles")
_PEOPLE = range(36)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw how many of each colour there are, and whether the first one is put back."""
    asked = draw.choose((("both", "ordered"), ("some",), ("same", "different"))[level - 1])
    return {
        "scene": draw.choose(_SCENES),
        "asked": asked,
        "is_back": draw.below(2),
        "n_red": draw.between(2, 20),
        "n_white": draw.between(2, 20),
        "people": [draw.choose(_PEOPLE)],
    }


def solve(p: Parameters, method: str) -> Worked:
    """Multiply the chances of both draws, or count ordered pairs."""
    n, red, white, asked = p["n_red"] + p["n_white"], p["n_red"], p["n_white"], p["asked"]
    left = n if p["is_back"] else n - 1
    gone = 0 if p["is_back"] else 1
    pairs = {
        "red_red": (red, red - gone),
        "white_white": (white, white - gone),
        "red_white": (red, white),
        "white_red": (white, red),
    }
    counted = {
        "both": ("red_red",),
        "ordered": ("red_white",),
        "some": ("white_white",),
        "same": ("red_red", "white_white"),
        "different": ("red_white", "white_red"),
    }[asked]
    total = n * left
    by_multiplying = method == "multiplication"
    steps = [] if by_multiplying else [Step("all", f"{n} × {left} = {total}")]
    cases = []
    for key in counted:
        first, second = pairs[key]
        cases.append(first * second)
        if by_multiplying:
            one, two = lowest(first, n), lowest(second, left)
            steps += (
                Step(f"first_{key}", quotient(first, n)),
                Step(f"second_{key}", quotient(second, left)),
                Step(f"chance_{key}", f"{one} × {two} = {lowest(first * second, total)}"),
            )
        else:
            steps.append(Step(f"cases_{key}", f"{first} × {second} = {first * second}"))
    shown = [lowest(one, total) for one in cases] if by_multiplying else [str(one) for one in cases]
    answer = sum(cases)
    if asked == "some":
        answer = total - answer
        equation = (
            f"1 - {shown[0]} = {lowest(answer, total)}"
            if by_multiplying
            else f"{total} - {shown[0]} = {answer}"
        )
        steps.append(Step("chance" if by_multiplying else "cases", equation))
    elif len(cases) > 1:
        result = lowest(answer, total) if by_multiplying else str(answer)
        steps.append(Step("chance" if by_multiplying else "cases", f"{' + '.join(shown)} = {result}"))
    if not by_multiplying:
        steps.append(Step("chance", quotient(answer, total)))
    return Worked(tuple(steps), lowest(answer, total))


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    return {
        **p,
        "condition": words[p["asked"]].format_map(words),
        "way": words["back" if p["is_back"] else "kept"].format_map(words),
    }


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("multiplication", "counting"),
    scenes=_SCENES,
    slots=_slots,
)
