"""Small number places, 4 × 4 and 6 × 6: ミニナンプレ.

Level 1 has 3 to 5 empty cells, level 2 6 to 8, level 3 9 or 10, level 4 a 6 × 6 grid. A cell is emptied only while it
could be filled again at once, so that every puzzle is solved by cells with one possible number and numbers with one
possible cell.

Source: Howard Garns, "Number Place", Dell Pencil Puzzles & Word Games (1979), in the size of children's books.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.problems.family import Family, Parameters, Step, Words, Worked

_LEVELS = ((4, 3, 5), (4, 6, 8), (4, 9, 10), (6, 14, 20))
"""Size of the grid, fewest and most empty cells."""


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw a full grid and empty cells of it."""
    n, fewest, most = _LEVELS[level - 1]
    grid = _full(draw, n)
    units, of = units_of(n)
    seen = [(1 << n) - 1] * (3 * n)
    empty: set[int] = set()
    wanted = draw.between(fewest, most)
    for k in draw.sample(range(n * n), n * n):
        bit = 1 << grid[k] - 1
        for unit in of[k]:
            seen[unit] ^= bit
        if reason_for(k, bit, seen, empty, units, of, (1 << n) - 1):
            empty.add(k)
            grid[k] = 0
            if len(empty) == wanted:
                break
        else:
            for unit in of[k]:
                seen[unit] ^= bit
    order = filled(grid, n, None, by_unit=False)
    return {"size": n, "grid": list(grid), "asked": draw.choose(order[len(order) * 2 // 3 :])[0]}


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
    shown = ["?" if k == p["asked"] else str(number or "_") for k, number in enumerate(p["grid"])]
    lines = []
    for row in range(n):
        cells = shown[row * n : row * n + n]
        lines.append(" ".join(cells[:wide]) + " | " + " ".join(cells[wide:]))
        if row % 2 and row < n - 1:
            lines.append("-" * (2 * wide) + "+" + "-" * (2 * wide))
    return {"grid": "\n".join(lines), "size": n, "wide": wide}


def solve(p: Parameters, method: str) -> Worked:
    """Fill the cells that the asked one rests on, and then that one."""
    n = p["size"]
    found = needed(p["grid"], n, filled(p["grid"], n, p["asked"], by_unit=method == "by_unit"))
    steps = []
    for k, reason, number in found:
        told: dict[str, object] = {"row": k // n + 1, "column": k % n + 1, "number": number}
        if reason == "only_number":
            told["others"] = ", ".join(str(one) for one in range(1, n + 1) if one != number)
        steps.append(Step(reason, slots=told))
    return Worked(tuple(steps), found[-1][2])


FAMILY = Family(
    kind="number",
    draw=draw,
    solve=solve,
    methods=("by_cell", "by_unit"),
    levels=4,
    slots=slots,
    known=("size", "wide"),
)
