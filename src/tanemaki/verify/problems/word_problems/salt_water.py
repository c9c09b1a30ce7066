"""Solutions that are thinned, boiled down and mixed: 食塩水の濃度.

Level 1 adds water to a solution or boils it down, level 2 mixes two, level 3 mixes two and then boils the mixture down.

Source: ours; the three changes are those that every Japanese textbook on 食塩水 treats.
"""

from __future__ import annotations

from functools import cache
from math import gcd, lcm

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked

_LAST = 3
_SCENES = ("salt", "sugar", "acid", "glucose")
_RATIOS = tuple((u, v) for u in range(1, 9) for v in range(1, 10 - u) if gcd(u, v) == 1)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw strengths first, then masses for which the answer is a whole number or a half."""
    found: dict[str, Json] = {"scene": draw.choose(_SCENES)}
    if level == 1:
        return found | _thinned_or_boiled(draw)
    first_parts, second_parts = draw.choose(_RATIOS)
    parts = first_parts + second_parts
    weak = draw.between(1, 6 if level == _LAST else 12)
    strong = weak + parts * draw.between(1, max(1, 11 // parts))
    first, second = (weak, strong) if draw.below(2) else (strong, weak)
    found |= {"first_percent": first, "second_percent": second, "form": "mix"}
    portion = 5 * draw.between(3, 180 // parts)
    if level == _LAST:
        mixed = (first * first_parts + second * second_parts) // parts
        half, unit = draw.choose(_ends(mixed, 2 * mixed + 1, 6 * mixed, parts))
        portion = unit * draw.between(1, 1000 // (unit * parts))
        found |= {"form": "mix_and_boil", "lost": parts * portion - 2 * mixed * parts * portion // half}
    return found | {"first_mass": first_parts * portion, "second_mass": second_parts * portion}


def _thinned_or_boiled(draw: Draw) -> dict[str, Json]:
    percent = draw.between(3, 18)
    if draw.below(2):
        half, unit = draw.choose(_ends(percent, 2 * percent + 1, 6 * percent, 1))
        mass = unit * draw.between(-(-60 // unit), 1000 // unit)
        return {"form": "boil", "percent": percent, "mass": mass, "lost": mass - 2 * percent * mass // half}
    half, unit = draw.choose(_ends(percent, percent // 2 + 1, 2 * percent - 1, 1))
    mass = unit * draw.between(-(-60 // unit), 600 // unit)
    return {"form": "thin", "percent": percent, "mass": mass, "added": 2 * percent * mass // half - mass}


@cache
def _ends(percent: int, low: int, high: int, parts: int) -> tuple[tuple[int, int], ...]:
    """Return which strengths (doubled, at most 25 percent) can come of one, with the least portion for which they do."""
    found = ((half, lcm(5, half // gcd(2 * percent * parts, half))) for half in range(low, min(high, 50) + 1))
    return tuple((half, unit) for half, unit in found if unit * parts <= 400)  # noqa: PLR2004 - grams


def solve(p: Parameters, method: str) -> Worked:
    """Follow what is dissolved, or use that equal amounts of it make strength and mass inverse."""
    steps: list[Step]
    if p["form"] in ("mix", "mix_and_boil"):
        steps, salt, mass = (_mixed_by_ratio if method == "ratio" else _mixed)(p)
    else:
        salt, mass = p["percent"] * p["mass"], p["mass"]
        steps = (
            []
            if method == "ratio"
            else [Step("dissolved", f"{mass} × {_hundredth(p['percent'])} = {_hundredth(salt)}")]
        )
    after = mass
    if "added" in p:
        after = mass + p["added"]
        steps.append(Step("mass_after", f"{mass} + {p['added']} = {after}"))
    elif "lost" in p:
        after = mass - p["lost"]
        steps.append(Step("mass_after", f"{mass} - {p['lost']} = {after}"))
    answer = _strength(salt, after)
    if method == "ratio":
        if after != mass:
            steps.append(Step("unchanged"))
            steps.append(Step("strength", f"{_strength(salt, mass)} × {mass} ÷ {after} = {answer}"))
    else:
        steps.append(Step("strength", f"{_hundredth(salt)} ÷ {after} × 100 = {answer}"))
    return Worked(tuple(steps), int(answer) if answer.isdigit() else answer)


def _mixed(p: Parameters) -> tuple[list[Step], int, int]:
    first, second = p["first_percent"] * p["first_mass"], p["second_percent"] * p["second_mass"]
    mass = p["first_mass"] + p["second_mass"]
    steps = [
        Step(
            "first_dissolved", f"{p['first_mass']} × {_hundredth(p['first_percent'])} = {_hundredth(first)}"
        ),
        Step(
            "second_dissolved",
            f"{p['second_mass']} × {_hundredth(p['second_percent'])} = {_hundredth(second)}",
        ),
        Step("all_dissolved", f"{_hundredth(first)} + {_hundredth(second)} = {_hundredth(first + second)}"),
        Step("mass", f"{p['first_mass']} + {p['second_mass']} = {mass}"),
    ]
    return steps, first + second, mass


def _mixed_by_ratio(p: Parameters) -> tuple[list[Step], int, int]:
    weak, strong = sorted(
        (place, p[f"{name}_percent"], p[f"{name}_mass"]) for place, name in enumerate(("first", "second"))
    )
    if weak[1] > strong[1]:
        weak, strong = strong, weak
    mass = weak[2] + strong[2]
    salt = weak[1] * weak[2] + strong[1] * strong[2]
    gap = strong[1] - weak[1]
    rise = gap * strong[2] // mass
    steps = [
        Step("mass", f"{p['first_mass']} + {p['second_mass']} = {mass}"),
        Step("gap", f"{strong[1]} - {weak[1]} = {gap}"),
        Step("rise", f"{gap} × {strong[2]} ÷ {mass} = {rise}"),
        Step("mixed_strength", f"{weak[1]} + {rise} = {weak[1] + rise}"),
    ]
    return steps, salt, mass


def _hundredth(amount: int) -> str:
    whole, part = divmod(amount, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".")


def _strength(salt: int, mass: int) -> str:
    """Return salt (in hundredths of a gram) over mass as percent; a whole number or a half by the way it is drawn."""
    whole, half = divmod(2 * salt // mass, 2)
    return f"{whole}.5" if half else str(whole)


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("dissolved_mass", "ratio"), scenes=_SCENES)
