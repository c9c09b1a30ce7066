"""Data in classes: relative frequency, the class of the median, the mean from the classes' midpoints (度数分布表).

Level 1 asks for a relative frequency, level 2 for the midpoint of the class in which the median lies, level 3 for the mean.

Source: 中学校学習指導要領 数学 第1学年「データの活用」 (度数分布表, 相対度数, 階級値); 仮の平均 is the assumed mean of
textbooks.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_SCENES = {"commute": (0, 10), "height": (130, 10), "throw": (10, 4), "score": (40, 10), "sleep": (300, 60)}
"""Where the first class begins, and how wide the classes are."""
_FORMS = {1: "relative", 2: "median", 3: "mean"}
_TOTALS = (40, 50, 100)
"""What is divided by them ends after three places."""
_SHAPE = (2, 4, 6, 5, 3, 2)
_THIRD = 2
"""The class whose midpoint is the assumed mean."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw the frequencies, with more in the middle; half of them is never the end of a class."""
    scene = draw.choose(tuple(_SCENES))
    start, width = _SCENES[scene]
    total = draw.choose(_TOTALS)
    n = draw.between(5, 6)
    raw = [part * draw.between(5, 15) for part in _SHAPE[:n]]
    counts = [max(1, total * part // sum(raw)) for part in raw]
    counts[_THIRD] += total - sum(counts)
    sums = list(accumulate(counts))
    if total // 2 in sums:
        end = sums.index(total // 2)
        counts[end], counts[end + 1] = counts[end] + 1, counts[end + 1] - 1
    parameters: dict[str, Json] = {
        "scene": scene,
        "form": _FORMS[level],
        "start": start,
        "width": width,
        "counts": counts,
    }
    return {**parameters, "asked": draw.below(n)} if level == 1 else parameters


def solve(p: Parameters, method: str) -> Worked:
    """Use the definitions; the mean also from an assumed one."""
    counts, start, width = p["counts"], p["start"], p["width"]
    total = sum(counts)
    steps = [Step("total", f"{' + '.join(map(str, counts))} = {total}")]
    middles = [start + width * place + width // 2 for place in range(len(counts))]
    if p["form"] == "relative":
        count = counts[p["asked"]]
        steps.append(Step("relative", f"{count} ÷ {total} = {_share(count, total)}"))
        return Worked(tuple(steps), _answer(count, total))
    if p["form"] == "median":
        place, found = _median(p, total)
        low = start + width * place
        steps += found
        steps.append(Step("midpoint", f"({low} + {low + width}) ÷ 2 = {middles[place]}"))
        return Worked(tuple(steps), middles[place])
    products = [middle * count for middle, count in zip(middles, counts, strict=True)]
    mean = _share(sum(products), total)
    if method == "definition":
        half = width // 2
        steps += [
            Step("product", f"{middle} × {count} = {product}", {"from": middle - half, "to": middle + half})
            for middle, count, product in zip(middles, counts, products, strict=True)
        ]
        steps.append(Step("sum", f"{' + '.join(map(str, products))} = {sum(products)}"))
        steps.append(Step("mean", f"{sum(products)} ÷ {total} = {mean}"))
        return Worked(tuple(steps), _answer(sum(products), total))
    assumed = middles[_THIRD]
    terms = [f"{_bracketed(place - _THIRD)} × {count}" for place, count in enumerate(counts)]
    away = sum((place - _THIRD) * count for place, count in enumerate(counts))
    shift = _share(away * width, total)
    steps += [
        Step("assumed", slots={"assumed": assumed}),
        Step("away", f"{' + '.join(terms)} = {away}"),
        Step("shift", f"{_bracketed(away)} × {width} ÷ {total} = {shift}"),
        Step("mean", f"{assumed} + {_bracketed(shift)} = {mean}"),
    ]
    return Worked(tuple(steps), _answer(sum(products), total))


def _share(above: int, below: int) -> str:
    """Write a quotient that ends after three places."""
    whole, rest = divmod(abs(above) * 1000 // below, 1000)
    sign = "-" if above < 0 else ""
    return f"{sign}{whole}.{rest:03d}".rstrip("0").rstrip(".")


def _answer(above: int, below: int) -> Json:
    return above // below if above % below == 0 else _share(above, below)


def _bracketed(value: int | str) -> str:
    return f"({value})" if str(value).startswith("-") else str(value)


def _median(p: Parameters, total: int) -> tuple[int, list[Step]]:
    """Return the place of the class with the two middle values, and how it is found."""
    half, sums = total // 2, list(accumulate(p["counts"]))
    place = next(place for place, so_far in enumerate(sums) if so_far > half)
    steps = [Step("half", f"{total} ÷ 2 = {half}")]
    steps += [
        Step(
            "so_far",
            f"{' + '.join(map(str, p['counts'][: at + 1]))} = {sums[at]}",
            {"to": p["start"] + p["width"] * (at + 1)},
        )
        for at in range(1, place + 1)
    ]
    low = p["start"] + p["width"] * place
    told = {"half": half, "next": half + 1, "from": low, "to": low + p["width"]}
    return place, [*steps, Step("median_class", slots=told)]


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Draw the table in Markdown, and tell the class that is asked for."""
    start, width = p["start"], p["width"]
    lines = [f"| {words['class_of']} | {words['frequency']} |", "|---|---:|"]
    for place, count in enumerate(p["counts"]):
        low = start + width * place
        lines.append(f"| {words['class'].format(low=low, high=low + width)} | {count} |")
    told: dict[str, object] = {"table": "\n".join(lines)}
    if "asked" in p:
        told |= {"low": start + width * p["asked"], "high": start + width * (p["asked"] + 1)}
    return told


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("definition", "assumed_mean"),
    scenes=tuple(_SCENES),
    slots=slots,
)
