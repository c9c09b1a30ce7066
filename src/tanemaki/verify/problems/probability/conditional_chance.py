"""It has the mark: where does it come from? 条件付き確率 and Bayes' rule, by counts and by probabilities.

Level 1 has two origins and asks for one with the mark, level 2 has three, level 3 asks for one without the mark.

Source: 高等学校学習指導要領 数学A「条件付き確率」 (machines and faulty products are its classic).
"""

from __future__ import annotations

from math import gcd

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Worked
from tanemaki.verify.problems.probability._chances import lowest, quotient

_SCENES = ("factory", "farm", "shop")
_KEYS = ("1", "2", "3")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw how many come from each origin, and how many in a hundred of them have the mark."""
    n = 3 if level == 2 else 2  # noqa: PLR2004 - the second level
    told: dict[str, Json] = {
        "scene": draw.choose(_SCENES),
        "form": ("marked_of_two", "marked_of_three", "unmarked_of_two")[level - 1],
    }
    shares = draw.sample(range(1, 16), n)
    for key, share in zip(_KEYS, shares, strict=False):
        told[f"n_{key}"] = 100 * draw.between(2, 20)
        told[f"percent_{key}"] = share
    return told


def solve(p: Parameters, method: str) -> Worked:
    """Count those with the mark from each origin, or multiply and divide probabilities."""
    counts = [p[f"n_{key}"] for key in _KEYS if f"n_{key}" in p]
    percents = [p[f"percent_{key}"] for key in _KEYS if f"n_{key}" in p]
    is_marked = p["form"] != "unmarked_of_two"
    marked = [n * share // 100 for n, share in zip(counts, percents, strict=True)]
    meant = marked if is_marked else [n - m for n, m in zip(counts, marked, strict=True)]
    solve_it = _by_counts if method == "counts" else _by_bayes
    return Worked(tuple(solve_it(counts, percents, is_marked)), lowest(meant[0], sum(meant)))


def _by_counts(counts: list[int], percents: list[int], is_marked: bool) -> list[Step]:  # noqa: FBT001 - one place calls it
    steps, meant = [], []
    for key, n, share in zip(_KEYS, counts, percents, strict=False):
        marked = n * share // 100
        meant.append(marked if is_marked else n - marked)
        steps.append(Step(f"marked_{key}", f"{n} × {lowest(share, 100)} = {marked}"))
        if not is_marked:
            steps.append(Step(f"unmarked_{key}", f"{n} - {marked} = {n - marked}"))
    ending = "marked" if is_marked else "unmarked"
    steps.append(Step(f"all_{ending}", f"{' + '.join(map(str, meant))} = {sum(meant)}"))
    steps.append(Step(f"chance_{ending}", quotient(meant[0], sum(meant))))
    return steps


def _by_bayes(counts: list[int], percents: list[int], is_marked: bool) -> list[Step]:  # noqa: FBT001 - one place calls it
    total, ending = sum(counts), "marked" if is_marked else "unmarked"
    steps = [Step("total", f"{' + '.join(map(str, counts))} = {total}")]
    both = []
    for key, n, share in zip(_KEYS, counts, percents, strict=False):
        meant = share if is_marked else 100 - share
        both.append((n * meant, total * 100))
        steps.append(Step(f"origin_{key}", quotient(n, total)))
        steps.append(
            Step(
                f"both_{ending}_{key}",
                f"{lowest(n, total)} × {lowest(meant, 100)} = {lowest(n * meant, total * 100)}",
            )
        )
    cases = sum(n for n, _ in both)
    parts = [lowest(n, of) for n, of in both]
    whole = lowest(cases, total * 100)
    steps.append(Step(f"any_{ending}", f"{' + '.join(parts)} = {whole}"))
    common = gcd(both[0][0], cases)
    steps.append(Step(f"chance_{ending}", f"{parts[0]} ÷ {whole} = {both[0][0] // common}/{cases // common}"))
    return steps


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("counts", "bayes"), scenes=_SCENES)
