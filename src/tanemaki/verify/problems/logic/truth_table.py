"""How many of all possible cases obey the conditions? 真理値の表 in the form of guests who come or do not.

Level 1 has three guests and two conditions, level 2 four guests and three conditions, level 3 four guests and four. The
conditions are drawn to be true in one case at least, and each excludes a case that those before it allow.

Source: 高等学校学習指導要領 数学Ⅰ (集合と命題); the truth table as in Ludwig Wittgenstein, Tractatus 4.31 (1921).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import permutations, product

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Who, Words, Worked

_LETTERS = "abcd"
_SIZES = ((3, 2), (4, 3), (4, 4))
"""Guests and conditions of each level."""
_SCENES = ("party", "trip", "concert")
_BOTH_WAYS = ("either", "not_both", "one_of", "alike")
"""Conditions in which the two guests may change places."""


@cache
def _cases(n: int) -> tuple[tuple[bool, ...], ...]:
    """Return all cases, everybody there first; number k of them is bit k of a mask."""
    return tuple(product((True, False), repeat=n))


@cache
def _masks(n: int) -> Mapping[tuple[str, str, str], int]:
    """Return in which cases each condition on two guests holds."""
    found = {}
    for one, two in permutations(range(n), 2):
        for kind in ("if", "unless", *(_BOTH_WAYS if one < two else ())):
            holds = sum(1 << k for k, case in enumerate(_cases(n)) if _holds(kind, case[one], case[two]))
            found[(kind, _LETTERS[one], _LETTERS[two])] = holds
    return found


def _holds(kind: str, one: bool, two: bool) -> bool:  # noqa: FBT001 - two truth values
    return {
        "if": not one or two,
        "unless": one or two,  # if the first does not come, the second does
        "either": one or two,
        "not_both": not (one and two),
        "one_of": one != two,
        "alike": one == two,
    }[kind]


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a case that is allowed, and conditions that are true of it."""
    n, n_conditions = _SIZES[level - 1]
    true_case = 1 << draw.below(1 << n)
    left = (1 << (1 << n)) - 1
    masks = _masks(n)
    conditions: list[Json] = []
    for _ in range(n_conditions):
        able = [told for told, mask in masks.items() if mask & true_case and left & ~mask]
        if not able:
            break
        told = draw.choose(able)
        left &= masks[told]
        conditions.append(list(told))
    return {"scene": draw.choose(_SCENES), "people": draw.sample(range(36), n), "conditions": conditions}


def slots(p: Parameters, words: Words) -> Mapping[str, object]:
    """Return the names and the conditions as sentences."""
    forms = {key: words[key] for key in ("come", "comes", "not_come")}
    told = [
        words[f"told_{kind}"].format(words[one], words[two], **forms) for kind, one, two in p["conditions"]
    ]
    names = [words[letter] + words["title"] for letter in _LETTERS[: len(p["people"])]]
    return {
        "names": words["comma"].join(names[:-1]) + words["last"] + names[-1],
        "conditions": words["inline"].join(told)
        if p["frame"] % 2
        else "\n".join(f"({k}) {one}" for k, one in enumerate(told, 1)),
        "n": len(names),
    }


def solve(p: Parameters, method: str) -> Worked:
    """Strike out case after case, or look at those with and without the first guest."""
    n = len(p["people"])
    masks = [_masks(n)[(kind, one, two)] for kind, one, two in p["conditions"]]
    order = Step(f"order_{n}")
    steps, count = _by_first(n, masks) if method == "first_guest" else _by_sieve(p["conditions"], n, masks)
    return Worked((order, *steps), count)


def _by_sieve(conditions: Sequence[Sequence[str]], n: int, masks: Sequence[int]) -> tuple[list[Step], int]:
    left = (1 << (1 << n)) - 1
    steps = [Step("all", f"{' × '.join('2' * n)} = {1 << n}")]
    for k, (mask, (_, one, two)) in enumerate(zip(masks, conditions, strict=True), 1):
        out = left & ~mask
        before, after = left.bit_count(), (left & mask).bit_count()
        left &= mask
        told = {"k": k, "x": Who(one), "y": Who(two), "out": _shown(out, n)}
        if out:
            steps.append(Step("left", f"{before} - {before - after} = {after}", told))
    return steps, left.bit_count()


def _by_first(n: int, masks: Sequence[int]) -> tuple[list[Step], int]:
    left = (1 << (1 << n)) - 1
    for mask in masks:
        left &= mask
    half = 1 << (n - 1)
    there, away = left & ((1 << half) - 1), left >> half << half
    one, two = there.bit_count(), away.bit_count()
    steps = []
    for name, mask in (("with_first", there), ("without_first", away)):
        told = {"fits": _shown(mask, n), "count": mask.bit_count()}
        steps.append(Step(name, slots=told) if mask else Step(f"never_{name}"))
    return [*steps, Step("sum", f"{one} + {two} = {one + two}")], one + two


def _shown(mask: int, n: int) -> str:
    return ", ".join(
        "".join("○" if there else "×" for there in case) for k, case in enumerate(_cases(n)) if mask >> k & 1
    )


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("strike_out", "first_guest"),
    scenes=_SCENES,
    slots=slots,
    known=("n",),
)
