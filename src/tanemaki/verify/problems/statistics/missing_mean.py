"""A mean is known, a part of what it is made of is not: 平均算.

Level 1 asks for the next score from the means before and after it, level 2 for the mean that the remaining tests need,
level 3 for the mean of the third of three groups.

Source: 平均算 of the entrance examinations to Japanese junior high schools; the second method is its
面積図 (area diagram), where what lies above the mean fills what lies below.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_FORMS = {1: "next", 2: "rest", 3: "third_group"}
_SCENES = ("maths", "kanji", "english")
_N_PEOPLE = 36


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw what is unknown and the rest so that every mean is a whole number; no score is above 100."""
    parameters: dict[str, Json] = {"scene": draw.choose(_SCENES), "form": _FORMS[level]}
    if level == 3:  # noqa: PLR2004 - of three
        return parameters | _groups(draw)
    parameters["people"] = [draw.below(_N_PEOPLE)]
    if level == 1:
        n, before = draw.between(3, 9), draw.between(52, 86)
        change = draw.between(1, min(5, (100 - before) // (n + 1))) * draw.choose((1, -1))
        return {**parameters, "n": n, "before": before, "after": before + change}
    scores = [draw.between(60, 93) for _ in range(draw.between(3, 4))]
    n_rest, mean_rest = draw.between(2, 3), draw.between(60, 96)
    n = len(scores) + n_rest
    scores[-1] += -(sum(scores) + n_rest * mean_rest) % n
    mean = (sum(scores) + n_rest * mean_rest) // n
    return {**parameters, "scores": scores, "n": n, "n_rest": n_rest, "mean": mean}


def _groups(draw: Draw) -> dict[str, Json]:
    """Draw three groups; the second is made so large that the third mean is whole."""
    mean, first, third = draw.between(62, 74), draw.between(8, 20), draw.between(6, 15)
    above_first, above_second = draw.between(1, 3) * draw.choose((1, -1)), draw.choose((1, -1))
    second = draw.between(6, 15)
    second += -above_second * (first * above_first + second * above_second) % third
    return {
        "sizes": [first, second, third],
        "means": [mean + above_first, mean + above_second],
        "mean": mean,
    }


def solve(p: Parameters, method: str) -> Worked:
    """Work with totals, or with what lies above and below the mean."""
    return {"next": _next, "rest": _rest, "third_group": _third}[p["form"]](p, method)


def _next(p: Parameters, method: str) -> Worked:
    n, before, after = p["n"], p["before"], p["after"]
    found = after * (n + 1) - before * n
    if method == "totals":
        steps = [
            Step("total_before", f"{before} × {n} = {before * n}", {"times": n}),
            Step("total_after", f"{after} × {n + 1} = {after * (n + 1)}", {"times": n + 1}),
            Step("next", f"{after * (n + 1)} - {before * n} = {found}"),
        ]
        return Worked(tuple(steps), found)
    change = abs(after - before)
    sign, goal = ("+", "rise") if after > before else ("-", "fall")
    steps = [
        Step(goal, f"{max(before, after)} - {min(before, after)} = {change}"),
        Step(f"{goal}_of_all", f"{change} × {n} = {change * n}", {"times": n}),
        Step("next", f"{after} {sign} {change * n} = {found}"),
    ]
    return Worked(tuple(steps), found)


def _rest(p: Parameters, method: str) -> Worked:
    scores, n, n_rest, mean = p["scores"], p["n"], p["n_rest"], p["mean"]
    left = mean * n - sum(scores)
    found = left // n_rest
    steps = [Step("n_rest", f"{n} - {len(scores)} = {n_rest}")]
    if method == "totals":
        steps += [
            Step("total_needed", f"{mean} × {n} = {mean * n}", {"times": n}),
            Step("total_so_far", f"{' + '.join(map(str, scores))} = {sum(scores)}"),
            Step("left", f"{mean * n} - {sum(scores)} = {left}"),
            Step("mean_rest", f"{left} ÷ {n_rest} = {found}"),
        ]
        return Worked(tuple(steps), found)
    missing = mean * len(scores) - sum(scores)
    terms = " + ".join(f"({mean} - {score})" for score in scores)
    each = found - mean
    steps += [
        Step("missing", f"{terms} = {missing}", {"mean": mean}),
        Step("missing_each", f"{_bracketed(missing)} ÷ {n_rest} = {each}", {"mean": mean}),
        Step("mean_rest", f"{mean} + {_bracketed(each)} = {found}"),
    ]
    return Worked(tuple(steps), found)


def _third(p: Parameters, method: str) -> Worked:
    (first, second, third), (one, other), mean = p["sizes"], p["means"], p["mean"]
    n = first + second + third
    totals = [one * first, other * second]
    left = mean * n - sum(totals)
    found = left // third
    if method == "totals":
        steps = [
            Step("n_all", f"{first} + {second} + {third} = {n}"),
            Step("total_all", f"{mean} × {n} = {mean * n}"),
            Step("total_group", f"{one} × {first} = {totals[0]}", {"group": "A"}),
            Step("total_group", f"{other} × {second} = {totals[1]}", {"group": "B"}),
            Step("total_third", f"{mean * n} - {totals[0]} - {totals[1]} = {left}", {"group": "C"}),
            Step("mean_third", f"{left} ÷ {third} = {found}", {"group": "C"}),
        ]
        return Worked(tuple(steps), found)
    missing = [(mean - one) * first, (mean - other) * second]
    each = found - mean
    steps = [
        Step("missing_group", f"({mean} - {one}) × {first} = {missing[0]}", {"group": "A"}),
        Step("missing_group", f"({mean} - {other}) × {second} = {missing[1]}", {"group": "B"}),
        Step("missing_both", f"{missing[0]} + {_bracketed(missing[1])} = {sum(missing)}"),
        Step("above_each", f"{_bracketed(sum(missing))} ÷ {third} = {each}", {"group": "C"}),
        Step("mean_third", f"{mean} + {_bracketed(each)} = {found}", {"group": "C"}),
    ]
    return Worked(tuple(steps), found)


def _bracketed(value: int) -> str:
    return f"({value})" if value < 0 else str(value)


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Tell the numbers of the form."""
    if p["form"] == "next":
        return {"n": p["n"], "before": p["before"], "after": p["after"]}
    if p["form"] == "rest":
        scores = words["comma"].join(map(str, p["scores"]))
        return {"scores": scores, "n_scores": len(p["scores"]), "n": p["n"], "mean": p["mean"]}
    told = dict(zip(("first", "second", "third"), p["sizes"], strict=True))
    return {**told, "one": p["means"][0], "other": p["means"][1], "mean": p["mean"]}


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("totals", "above_and_below"),
    scenes=_SCENES,
    slots=slots,
)
