"""Small number places, 4 × 4 and 6 × 6: ミニナンプレ.

Levels 1 to 3 have 4 × 4 cells, with 4 to 10 of them empty, level 4 has 6 × 6; the sum of two to five cells is asked. A cell
is emptied only while it could be filled again at once, so that every puzzle is solved by cells with one possible number
and numbers with one possible cell.

Source: Howard Garns, "Number Place", Dell Pencil Puzzles & Word Games (1979), in the size of children's books.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked
from tanemaki.verify.problems.logic._number_places import filled, follows, needed, shape_of

_LEVELS = ((4, 4, 5), (4, 6, 8), (4, 9, 10), (6, 14, 20))
"""Size of the grid, fewest and most empty cells."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a full grid and empty cells of it."""
    n, fewest, most = _LEVELS[level - 1]
    shape = shape_of(n)
    grid = _full(draw, n)
    masks = [shape.all_numbers] * (3 * n)
    empty: set[int] = set()
    wanted = draw.between(fewest, most)
    for k in draw.sample(range(n * n), n * n):
        bit = 1 << grid[k] - 1
        for unit in shape.of[k]:
            masks[unit] ^= bit
        if follows(shape, k, bit, masks, empty):
            empty.add(k)
            grid[k] = 0
            if len(empty) == wanted:
                break
        else:
            for unit in shape.of[k]:
                masks[unit] ^= bit
    order = [k for k, _, _ in filled(grid, shape, empty, by_unit=False)]
    asked = draw.sample(order[len(order) // 2 :], min(level + 1, len(order) // 2))
    return {"size": n, "grid": list(grid), "asked": sorted(asked)}


def _full(draw: Draw, n: int) -> list[int]:
    """Shuffle the numbers, the rows within bands, the bands, and the same of the columns."""
    tall, wide = 2, n // 2
    numbers = draw.sample(range(1, n + 1), n)
    rows = [
        band * tall + row
        for band in draw.sample(range(n // tall), n // tall)
        for row in draw.sample(range(tall), tall)
    ]
    columns = [
        side * wide + at
        for side in draw.sample(range(n // wide), n // wide)
        for at in draw.sample(range(wide), wide)
    ]
    return [numbers[(wide * (row % tall) + row // tall + column) % n] for row in rows for column in columns]


def slots(p: Parameters, words: Words) -> Mapping[str, object]:  # noqa: ARG001 - the contract's form
    """Return the grid as lines, with a question mark in the cell that is asked for."""
    n = p["size"]
    wide = n // 2
    shown = ["?" if k in p["asked"] else str(number or "_") for k, number in enumerate(p["grid"])]
    lines = []
    for row in range(n):
        cells = shown[row * n : row * n + n]
        lines.append(" ".join(cells[:wide]) + " | " + " ".join(cells[wide:]))
        if row % 2 and row < n - 1:
            lines.append("-" * (2 * wide) + "+" + "-" * (2 * wide))
    return {"grid": "\n".join(lines), "size": n, "wide": wide, "count": len(p["asked"])}


def solve(p: Parameters, method: str) -> Worked:
    """Fill the cells that the asked ones rest on, and those themselves, and add."""
    n, shape, asked = p["size"], shape_of(p["size"]), p["asked"]
    found = needed(p["grid"], shape, filled(p["grid"], shape, asked, by_unit=method == "by_unit"), asked)
    steps = []
    for k, reason, number in found:
        told: dict[str, object] = {"row": k // n + 1, "column": k % n + 1, "number": number}
        if reason == "only_number":
            told["others"] = ", ".join(str(one) for one in range(1, n + 1) if one != number)
        steps.append(Step(reason, slots=told))
    filled_in = {k: number for k, _, number in found}
    numbers = [filled_in[k] for k in asked]
    total = sum(numbers)
    return Worked((*steps, Step("sum", f"{' + '.join(map(str, numbers))} = {total}")), total)


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("by_cell", "by_unit"),
    levels=4,
    slots=slots,
    known=("size", "wide", "count"),
)
