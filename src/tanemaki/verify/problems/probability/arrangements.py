"""In how many ways can things of two kinds, all different, stand in a row under a condition? 順列.

Level 1: the ends are of the first kind. Level 2: the second kind stands together, or no two of it do. Level 3: not all of
the second kind stand together, or one of it at least stands at an end.

Source: 高等学校学習指導要領 数学A「順列」 (adjacent, not adjacent, both ends).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import factorial, perm

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_SCENES = ("books", "cards", "toys", "plates", "flags")
_ASKED = {1: ("ends",), 2: ("together", "apart"), 3: ("not_together", "some_end")}
_PEOPLE = range(36)


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw how many there are of each kind; the second kind fits between the first."""
    first = draw.between(3, 8)
    return {
        "scene": draw.choose(_SCENES),
        "asked": draw.choose(_ASKED[level]),
        "n_first": first,
        "n_second": draw.between(2, min(first, 4)),
        "people": draw.sample(_PEOPLE, 2),
    }


def solve(p: Parameters, method: str) -> Worked:
    """Place what the condition speaks of first, or second; negations by the complement."""
    first, second = p["n_first"], p["n_second"]
    n, asked = first + second, str(p["asked"])
    inner = {"not_together": "together", "some_end": "ends"}.get(asked, asked)
    steps, found = _SOLVE[inner, method](first, second)
    if inner == asked:
        return Worked(tuple(steps), found)
    total = Step("all", _factorial(n))
    rest = factorial(n) - found
    return Worked((total, *steps, Step("asked", f"{factorial(n)} - {found} = {rest}")), rest)


def _ends(first: int, second: int) -> tuple[list[Step], int]:
    middle = first + second - 2
    found = perm(first, 2) * factorial(middle)
    return [
        Step("ends", f"{first} × {first - 1} = {first * (first - 1)}"),
        Step("middle", _factorial(middle)),
        Step("by_ends", f"{first * (first - 1)} × {factorial(middle)} = {found}"),
    ], found


def _ends_last(first: int, second: int) -> tuple[list[Step], int]:
    inside = first + second - 2
    found = perm(inside, second) * factorial(first)
    return [
        Step("inner_places", f"{first + second} - 2 = {inside}"),
        Step("second_places", _places(inside, second)),
        Step("first_places", _factorial(first)),
        Step("by_ends", f"{perm(inside, second)} × {factorial(first)} = {found}"),
    ], found


def _together(first: int, second: int) -> tuple[list[Step], int]:
    found = factorial(first + 1) * factorial(second)
    return [
        Step("blocks", f"{first} + 1 = {first + 1}"),
        Step("rows_of_blocks", _factorial(first + 1)),
        Step("inside", _factorial(second)),
        Step("by_blocks", f"{factorial(first + 1)} × {factorial(second)} = {found}"),
    ], found


def _together_by_place(first: int, second: int) -> tuple[list[Step], int]:
    found = (first + 1) * factorial(second) * factorial(first)
    return [
        Step("starts", f"{first + second} - {second} + 1 = {first + 1}"),
        Step("inside", _factorial(second)),
        Step("first_places", _factorial(first)),
        Step("by_blocks", f"{first + 1} × {factorial(second)} × {factorial(first)} = {found}"),
    ], found


def _apart(first: int, second: int) -> tuple[list[Step], int]:
    found = factorial(first) * perm(first + 1, second)
    return [
        Step("first_row", _factorial(first)),
        Step("gaps", f"{first} + 1 = {first + 1}"),
        Step("into_gaps", _places(first + 1, second)),
        Step("by_gaps", f"{factorial(first)} × {perm(first + 1, second)} = {found}"),
    ], found


def _apart_by_choice(first: int, second: int) -> tuple[list[Step], int]:
    chosen = perm(first + 1, second) // factorial(second)
    found = chosen * factorial(second) * factorial(first)
    return [
        Step("gaps", f"{first} + 1 = {first + 1}"),
        Step("chosen_gaps", f"C({first + 1}, {second}) = {chosen}"),
        Step("inside", _factorial(second)),
        Step("first_places", _factorial(first)),
        Step("by_gaps", f"{chosen} × {factorial(second)} × {factorial(first)} = {found}"),
    ], found


def _factorial(n: int) -> str:
    return f"{' × '.join(map(str, range(n, 0, -1)))} = {factorial(n)}"


def _places(n: int, k: int) -> str:
    return f"P({n}, {k}) = {' × '.join(map(str, range(n, n - k, -1)))} = {perm(n, k)}"


_SOLVE = {
    ("ends", "condition_first"): _ends,
    ("ends", "places_first"): _ends_last,
    ("together", "condition_first"): _together,
    ("together", "places_first"): _together_by_place,
    ("apart", "condition_first"): _apart,
    ("apart", "places_first"): _apart_by_choice,
}


def _slots(p: Parameters, words: Words) -> Mapping[str, object]:
    return {**p, "condition": words[p["asked"]].format_map(words)}


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("condition_first", "places_first"),
    scenes=_SCENES,
    slots=_slots,
)
