"""Ages now, earlier and later: 年齢算.

Level 1 finds two ages from their sum or difference and how many times the one is the other, level 2 the years until one
is so many times the other, level 3 an age from the sum now and the multiple in some years.

Source: ours; 年齢算 is a standing type of Japanese entrance examinations, with these questions.
"""

from __future__ import annotations

from functools import cache

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_GAPS = {
    "mother": (21, 40),
    "father": (22, 44),
    "grandmother": (46, 68),
    "grandfather": (48, 70),
    "aunt": (15, 36),
    "uncle": (16, 38),
    "teacher": (19, 46),
}
"""By how many years each is older than the child, at least and at most."""
_MOST_TIMES = 9
_OLDEST = 90
_FORMS = {1: ("sum", "difference"), 2: ("later", "earlier"), 3: ("sum_then",)}


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw one of the cases in which all ages are whole and likely."""
    form = draw.choose(_FORMS[level])
    scene = draw.choose(tuple(_GAPS))
    found: dict[str, Json] = {"scene": scene, "form": form, "people": draw.sample(range(36), 1)}
    if level == 1:
        child, old, times = draw.choose(_multiples(scene, 4, 40))
        return (
            found | {"times": times} | ({"sum": child + old} if form == "sum" else {"older_by": old - child})
        )
    child, old, times = draw.choose(_multiples(scene, 6, 40))
    if form == "later":
        years = draw.between(1, child - 5)
        return found | {"times": times, "child": child - years, "old": old - years}
    if form == "earlier":
        years = draw.between(1, min(15, 95 - old))
        return found | {"times": times, "child": child + years, "old": old + years}
    years = draw.between(2, min(12, child - 4))
    return found | {"times": times, "years": years, "sum": child + old - 2 * years}


@cache
def _multiples(scene: str, low: int, high: int) -> tuple[tuple[int, int, int], ...]:
    """Return child's age, other's age and how many times the one is the other."""
    gaps = range(_GAPS[scene][0], _GAPS[scene][1] + 1)
    ages = (
        (child, child + gap) for gap in gaps for child in range(low, min(high, gap) + 1) if gap % child == 0
    )
    return tuple(
        (child, old, old // child) for child, old in ages if old // child <= _MOST_TIMES and old <= _OLDEST
    )


def solve(p: Parameters, method: str) -> Worked:
    """Divide what does not change, or the sum, by the multiples; or write an equation."""
    form, times = p["form"], p["times"]
    if form in ("sum", "difference"):
        return _now(p, by_equation=method == "equation")
    if form == "sum_then":
        return _then(p, by_equation=method == "equation")
    child, old = p["child"], p["old"]
    gap = old - child
    at = gap // (times - 1)
    sign = "+" if form == "later" else "-"
    years = abs(at - child)
    if method == "equation":
        where = {"x": years}
        more, less = max(old, times * child), min(old, times * child)
        apart = more - less
        steps = [
            Step(f"years_{form}_are_x"),
            Step("equation", f"{old} {sign} x = {times}({child} {sign} x)", where=where),
        ]
        if apart == years:
            steps.append(Step("years", f"x = {more} - {less} = {years}", where=where))
        else:
            steps.append(Step("gathered", f"{times - 1}x = {more} - {less} = {apart}", where=where))
            steps.append(Step("years", f"x = {apart} ÷ {times - 1} = {years}", where=where))
        return Worked(tuple(steps), years)
    steps = [
        Step("gap", f"{old} - {child} = {gap}"),
        Step("gap_in_children", f"{times} - 1 = {times - 1}"),
        Step("child_then", f"{gap} ÷ {times - 1} = {at}"),
        Step("years", f"{at} - {child} = {years}" if form == "later" else f"{child} - {at} = {years}"),
    ]
    return Worked(tuple(steps), years)


def _now(p: Parameters, *, by_equation: bool) -> Worked:
    is_sum = p["form"] == "sum"
    given = p["sum"] if is_sum else p["older_by"]
    sign, times = "+" if is_sum else "-", p["times"]
    shares = times + 1 if is_sum else times - 1
    child = given // shares
    old = child * times
    if by_equation:
        equation = f"x + {times}x = {given}" if is_sum else f"{times}x - x = {given}"
        steps = [
            Step("child_is_x"),
            Step("equation", equation, where={"x": child}),
            Step("child", f"x = {given} ÷ ({times} {sign} 1) = {child}", where={"x": child}),
        ]
    else:
        steps = [
            Step("shares" if is_sum else "gap_in_children", f"{times} {sign} 1 = {shares}"),
            Step("child", f"{given} ÷ {shares} = {child}"),
        ]
    return Worked((*steps, Step("old", f"{child} × {times} = {old}")), old)


def _then(p: Parameters, *, by_equation: bool) -> Worked:
    years, times = p["years"], p["times"]
    total = p["sum"] + 2 * years
    at = total // (times + 1)
    if by_equation:
        where = {"x": at - years}
        gathered = (times + 1) * (at - years)
        steps = [
            Step("child_is_x"),
            Step("equation", f"{p['sum']} - x + {years} = {times}(x + {years})", where=where),
            Step(
                "gathered", f"{times + 1}x = {p['sum']} + {years} - {times * years} = {gathered}", where=where
            ),
            Step("child", f"x = {gathered} ÷ {times + 1} = {at - years}", where=where),
        ]
    else:
        steps = [
            Step("added", f"{years} × 2 = {2 * years}"),
            Step("sum_then", f"{p['sum']} + {2 * years} = {total}"),
            Step("shares", f"{times} + 1 = {times + 1}"),
            Step("child_then", f"{total} ÷ {times + 1} = {at}"),
            Step("child", f"{at} - {years} = {at - years}"),
        ]
    return Worked(tuple(steps), at - years)


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("shares", "equation"), scenes=tuple(_GAPS))
