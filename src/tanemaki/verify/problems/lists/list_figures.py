"""One figure that sums up a list of numbers: total, mean, median, mode, largest, smallest, range.

Level 1 asks for the total, the largest or the smallest, level 2 for mean, range, mode or the median of an odd number of
values, level 3 for the median of an even number, or for the difference of mean and median.

Source: 中学校学習指導要領 数学 第1学年「データの活用」 (平均値, 中央値, 最頻値, 範囲).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked, decimal

_ASKED = {
    1: ("total", "largest", "smallest"),
    2: ("mean", "range", "mode", "median"),
    3: ("median", "mean_less_median"),
}
_SCENES = ("scores", "visitors", "pages", "eggs", "goals", "minutes")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the numbers; where a mean is asked, they add up to a multiple of their number, or are five."""
    asked = draw.choose(_ASKED[level])
    if asked == "mode":
        values = draw.sample(range(8, 60), draw.between(4, 6))
        values += [values[0]] * draw.between(1, 2)
        return _parameters(draw, asked, draw.sample(values, len(values)))
    n = draw.between(5, 9)
    if asked == "median":
        n = draw.choose((5, 7, 9) if level == 2 else (6, 8))  # noqa: PLR2004 - of three
    values = [draw.between(8, 59) for _ in range(n)]
    if n != 5 and "mean" in asked:  # noqa: PLR2004 - a fifth is one decimal
        values[-1] += -sum(values) % n
    ordered = sorted(values)
    if asked == "mean_less_median" and 2 * sum(values) < n * (ordered[(n - 1) // 2] + ordered[n // 2]):
        values = [
            ordered[0] + ordered[-1] - value for value in values
        ]  # turned round: the mean is above the median
    return _parameters(draw, asked, values)


def _parameters(draw: Draw, asked: str, values: list[int]) -> dict[str, Json]:
    return {"scene": draw.choose(_SCENES), "asked": asked, "values": values}


def solve(p: Parameters, method: str) -> Worked:
    """Use the definition, or reckon totals and means from the smallest value."""
    values, asked = p["values"], p["asked"]
    low, high = min(values), max(values)
    listed = ", ".join(map(str, values))
    if asked == "largest":
        return Worked((Step("largest", f"max({listed}) = {high}"),), high)
    if asked == "smallest":
        return Worked((Step("smallest", f"min({listed}) = {low}"),), low)
    if asked == "range":
        steps = [Step("largest", f"max({listed}) = {high}"), Step("smallest", f"min({listed}) = {low}")]
        return Worked((*steps, Step("range", f"{high} - {low} = {high - low}")), high - low)
    if asked == "mode":
        mode = max(values, key=values.count)
        ordered = ", ".join(map(str, sorted(values)))
        told = {"mode": mode, "times": values.count(mode)}
        return Worked((Step("in_order", slots={"ordered": ordered}), Step("most_often", slots=told)), mode)
    if asked == "median":
        steps, median = _median(values)
        return Worked(tuple(steps), _answer(median))
    if asked == "total":
        return Worked(tuple(_total(values, method)), sum(values))
    mean = Fraction(sum(values), len(values))
    found = _mean(values, method)
    if asked == "mean":
        return Worked(tuple(found), _answer(mean))
    steps, median = _median(values)
    equation = f"{decimal(mean)} - {decimal(median)} = {decimal(mean - median)}"
    return Worked((*found, *steps, Step("difference", equation)), _answer(mean - median))


def _answer(value: Fraction) -> Json:
    return value.numerator if value.denominator == 1 else decimal(value)


def _above(values: list[int]) -> tuple[int, int, str]:
    low, n = min(values), len(values)
    return low, sum(values) - n * low, " + ".join(str(value - low) for value in values)


def _total(values: list[int], method: str) -> list[Step]:
    total, n = sum(values), len(values)
    if method == "definition":
        return [Step("total", f"{' + '.join(map(str, values))} = {total}")]
    low, above, terms = _above(values)
    return [
        Step("above", f"{terms} = {above}", {"low": low}),
        Step("total", f"{low} × {n} + {above} = {total}"),
    ]


def _mean(values: list[int], method: str) -> list[Step]:
    total, n = sum(values), len(values)
    mean = decimal(Fraction(total, n))
    if method == "definition":
        return [*_total(values, method), Step("mean", f"{total} ÷ {n} = {mean}")]
    low, above, terms = _above(values)
    part = decimal(Fraction(above, n))
    return [
        Step("above", f"{terms} = {above}", {"low": low}),
        Step("mean_above", f"{above} ÷ {n} = {part}", {"low": low}),
        Step("mean", f"{low} + {part} = {mean}"),
    ]


def _median(values: list[int]) -> tuple[list[Step], Fraction]:
    ordered, n = sorted(values), len(values)
    steps = [Step("in_order", slots={"ordered": ", ".join(map(str, ordered))})]
    low, high = ordered[(n - 1) // 2], ordered[n // 2]
    if n % 2:
        return [*steps, Step("middle", slots={"n": n, "place": n // 2 + 1, "median": low})], Fraction(low)
    median = Fraction(low + high, 2)
    told = {"n": n, "place": n // 2, "next_place": n // 2 + 1, "low": low, "high": high}
    steps.append(Step("two_middles", slots=told))
    return [*steps, Step("median", f"({low} + {high}) ÷ 2 = {decimal(median)}")], median


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Join the list, and name the figure."""
    return {"list": words["comma"].join(map(str, p["values"])), "asked": words[p["asked"]]}


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("definition", "from_the_smallest"),
    scenes=_SCENES,
    slots=slots,
)
