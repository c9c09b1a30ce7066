"""Magic squares with gaps: 魔方陣.

Level 1 has one or two gaps, level 2 three or four, level 3 five. A number is taken away only while a row, column or
diagonal gives it back, and one of these stays whole.

Source: 楊輝算法 (Yang Hui suanfa, 1275) has the square of three; that the middle is a third of the sum is found in every
schoolbook.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_GAPS = ((1, 2), (3, 4), (5, 5))
_LINES = ((0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6))
_TURNED = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8),
    (2, 5, 8, 1, 4, 7, 0, 3, 6),
    (8, 7, 6, 5, 4, 3, 2, 1, 0),
    (6, 3, 0, 7, 4, 1, 8, 5, 2),
)
_CENTRE = 4


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a square and take numbers away from it."""
    one = draw.between(1, 9)
    two = draw.choose([k for k in range(1, 13) if k not in (one, 2 * one) and 2 * k != one])
    middle = one + two + draw.between(1, 40)
    square = [middle - two, middle + one + two, middle - one, middle - one + two, middle]
    square += [middle + one - two, middle + one, middle - one - two, middle + two]
    if draw.below(2):
        square = [square[k] for k in (0, 3, 6, 1, 4, 7, 2, 5, 8)]
    turned = draw.choose(_TURNED)
    grid = [square[k] for k in turned]
    whole = draw.choose(_LINES)
    wanted = draw.between(*_GAPS[level - 1])
    gaps: set[int] = set()
    for _ in range(wanted):
        able = [k for k in range(9) if k not in gaps and k not in whole and _lines_of(k, gaps)]
        if able:
            gaps.add(draw.choose(able))
    shown = [0 if k in gaps else number for k, number in enumerate(grid)]
    found = _filled(shown)
    return {
        "grid": list(shown),
        "asked": max(reversed(found), key=lambda one: len(_needed(one[0], found)))[0],
    }


def _lines_of(k: int, gaps: set[int]) -> list[tuple[int, ...]]:
    """Return the lines that would give a number back."""
    return [line for line in _LINES if k in line and not any(other in gaps for other in line if other != k)]


def _filled(shown: list[int]) -> list[tuple[int, tuple[int, ...]]]:
    """Return cell after cell with the line that gives it."""
    gaps = {k for k, number in enumerate(shown) if not number}
    found = []
    while gaps:
        k, line = next((k, lines[0]) for k in sorted(gaps) for lines in (_lines_of(k, gaps),) if lines)
        found.append((k, line))
        gaps.remove(k)
    return found


def _needed(asked: int, found: list[tuple[int, tuple[int, ...]]]) -> list[tuple[int, tuple[int, ...]]]:
    """Return those on the way to one cell."""
    cells = {asked}
    way = []
    for k, line in reversed(found):
        if k in cells:
            cells.update(line)
            way.append((k, line))
    return way[::-1]


def slots(p: Parameters, words: Words) -> Mapping[str, object]:  # noqa: ARG001 - the contract's form
    """Return the square as three lines."""
    shown = ["?" if k == p["asked"] else str(number or "_") for k, number in enumerate(p["grid"])]
    return {"grid": "\n".join(" | ".join(shown[row : row + 3]) for row in (0, 3, 6))}


def solve(p: Parameters, method: str) -> Worked:
    """Find the sum of a line, then gap after gap; with the middle, a cell that faces another one at once."""
    grid, asked = list(p["grid"]), p["asked"]
    numbers = [grid[k] for k in next(line for line in _LINES if all(grid[k] for k in line))]
    total = sum(numbers)
    middle = total // 3
    steps = [Step("total", f"{' + '.join(map(str, numbers))} = {total}")]
    if method == "centre":
        way = _needed(asked, _filled([*grid[:_CENTRE], middle, *grid[_CENTRE + 1 :]]))
        faces = asked != _CENTRE and grid[8 - asked] > 0
        if not grid[_CENTRE] and (faces or asked == _CENTRE or any(_CENTRE in line for _, line in way)):
            steps.append(Step("centre", f"{total} ÷ 3 = {middle}"))
            grid[_CENTRE] = middle
        if faces:
            found = 2 * middle - grid[8 - asked]
            told = {"row": asked // 3 + 1, "column": asked % 3 + 1}
            if p["grid"][_CENTRE]:
                steps = []  # with the middle given, nobody needs the sum
            steps.append(Step("facing", f"{middle} × 2 = {2 * middle}"))
            return Worked((*steps, Step("cell", f"{2 * middle} - {grid[8 - asked]} = {found}", told)), found)
    for k, line in _needed(asked, _filled(grid)):
        one, two = (grid[other] for other in line if other != k)
        grid[k] = total - one - two
        steps.append(
            Step("cell", f"{total} - {one} - {two} = {grid[k]}", {"row": k // 3 + 1, "column": k % 3 + 1})
        )
    return Worked(tuple(steps), grid[asked])


FAMILY = Family(kind="number", draw=draw, solve=solve, methods=("lines", "centre"), slots=slots)
