"""Scores on the scale with mean 50 and standard deviation 10 that Japanese schools use: 偏差値.

Level 1 asks for the value of a score, level 2 for the score from the value and the variance, level 3 for the difference
between two subjects.

Source: ours; 偏差値 as Japanese schools have used it since the 1960s, by the formula 50 + 10 × (score - mean) ÷ deviation.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked, decimal

_SCENES = ("school", "prep", "national")
_FORMS = {1: "value", 2: "score", 3: "difference"}
_DEVIATIONS = (4, 5, 8, 10, 16, 20)
"""By these everything divides into decimals."""
_N_PEOPLE = 36


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw means, deviations and scores up to two deviations away."""
    parameters: dict[str, Json] = {
        "scene": draw.choose(_SCENES),
        "form": _FORMS[level],
        "people": [draw.below(_N_PEOPLE)],
    }
    mean, deviation, score = _subject(draw)
    parameters |= {"mean": mean, "deviation": deviation, "score": score}
    if level == 1:
        return parameters
    if level == 2:  # noqa: PLR2004 - of three
        value = 50 + Fraction(10 * (score - mean), deviation)
        variance = parameters.pop("deviation") ** 2
        del parameters["score"]
        return {**parameters, "variance": variance, "value": _answer(value)}
    one, other = (mean, deviation, score), _subject(draw)
    if _value(*one) == _value(*other):
        other = (other[0] + 1, other[1], other[2])
    if _value(*one) < _value(*other):
        one, other = other, one
    parameters |= dict(zip(("mean", "deviation", "score"), one, strict=True))
    return parameters | dict(zip(("other_mean", "other_deviation", "other_score"), other, strict=True))


def _subject(draw: Draw) -> tuple[int, int, int]:
    mean, deviation = draw.between(45, 66), draw.choose(_DEVIATIONS)
    return mean, deviation, mean + draw.between(1, min(33, 2 * deviation)) * draw.choose((1, -1))


def _value(mean: int, deviation: int, score: int) -> Fraction:
    return 50 + Fraction(10 * (score - mean), deviation)


def solve(p: Parameters, method: str) -> Worked:
    """Divide by the deviation first, or find what one point is worth."""
    if p["form"] == "score":
        return _score(p, method)
    steps, value = _steps(p["mean"], p["deviation"], p["score"], "of_first", method)
    if p["form"] == "value":
        return Worked(tuple(steps), _answer(value))
    others, other = _steps(p["other_mean"], p["other_deviation"], p["other_score"], "of_second", method)
    equation = f"{decimal(value)} - {decimal(other)} = {decimal(value - other)}"
    return Worked((*steps, *others, Step("difference", equation)), _answer(value - other))


def _steps(mean: int, deviation: int, score: int, of: str, method: str) -> tuple[list[Step], Fraction]:
    away = score - mean
    which = {"of": Who(of)}
    steps = [Step("away", f"{score} - {mean} = {away}", which)]
    tens = Fraction(10 * away, deviation)
    if method == "standardise":
        part = decimal(Fraction(away, deviation))
        steps.append(Step("in_deviations", f"{_bracketed(str(away))} ÷ {deviation} = {part}", which))
        steps.append(Step("times_ten", f"{_bracketed(part)} × 10 = {decimal(tens)}", which))
    else:
        each = decimal(Fraction(10, deviation))
        steps.append(Step("each_point", f"10 ÷ {deviation} = {each}", which))
        steps.append(Step("times_ten", f"{_bracketed(str(away))} × {each} = {decimal(tens)}", which))
    steps.append(Step("value", f"50 + {_bracketed(decimal(tens))} = {decimal(50 + tens)}", which))
    return steps, 50 + tens


def _score(p: Parameters, method: str) -> Worked:
    value, mean = Fraction(p["value"]), p["mean"]
    deviation = next(one for one in _DEVIATIONS if one * one == p["variance"])
    above = value - 50
    away = above * deviation / 10
    steps = [
        Step("deviation", f"√{p['variance']} = {deviation}"),
        Step("above_fifty", f"{decimal(value)} - 50 = {decimal(above)}"),
    ]
    if method == "standardise":
        part = decimal(above / 10)
        steps.append(
            Step("in_deviations", f"{_bracketed(decimal(above))} ÷ 10 = {part}", {"of": Who("of_first")})
        )
        steps.append(
            Step("away", f"{_bracketed(part)} × {deviation} = {decimal(away)}", {"of": Who("of_first")})
        )
    else:
        each = decimal(Fraction(deviation, 10))
        steps.append(Step("points_each", f"{deviation} ÷ 10 = {each}"))
        steps.append(
            Step("away", f"{_bracketed(decimal(above))} × {each} = {decimal(away)}", {"of": Who("of_first")})
        )
    steps.append(Step("score", f"{mean} + {_bracketed(decimal(away))} = {decimal(mean + away)}"))
    return Worked(tuple(steps), _answer(mean + away))


def _answer(value: Fraction) -> Json:
    return value.numerator if value.denominator == 1 else decimal(value)


def _bracketed(shown: str) -> str:
    return f"({shown})" if shown.startswith("-") else shown


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Tell the numbers, and the formula that everybody at a Japanese school knows."""
    return {
        **{key: p[key] for key in p if key not in ("form", "scene", "people")},
        "formula": words["formula"],
    }


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("standardise", "point_by_point"),
    scenes=_SCENES,
    slots=slots,
)
