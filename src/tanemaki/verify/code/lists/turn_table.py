"""A table of numbers that is turned and mirrored.

The level is the number of movements, one after the other; level 2 fills up rows that are too short, level 3 adds a line of
sums. Source: ours; the symmetries of a rectangle.
"""

from __future__ import annotations

from tanemaki.core.record import Json
from tanemaki.core.seeding import Draw
from tanemaki.verify.code.family import LEVELS, CodeFamily, Parameters, code

_MOVES = {
    "clockwise": "rows = [list(column) for column in zip(*rows[::-1])]",
    "counter": "rows = [list(column) for column in zip(*rows)][::-1]",
    "mirror": "rows = [row[::-1] for row in rows]",
    "flip": "rows = rows[::-1]",
    "transpose": "rows = [list(column) for column in zip(*rows)]",
}
_UNDONE = {("clockwise", "counter"), ("counter", "clockwise")}
_PLACES = ("first", "second", "third")


def draw(draw: Draw, level: int) -> dict[str, Json]:
    """Draw as many movements as the level says, none of which undoes the one before."""
    moves: list[str] = []
    while len(moves) < level:
        left = [one for one in _MOVES if not moves or (one != moves[-1] and (moves[-1], one) not in _UNDONE)]
        moves.append(draw.choose(left))
    told: dict[str, Json] = dict(zip(_PLACES, moves, strict=False))
    return {
        **told,
        "filler": draw.choose((0, -1, 9, 99)) if level > 1 else None,
        "sums": draw.choose(("row", "column")) if level == LEVELS else "none",
    }


def _moves(p: Parameters) -> list[str]:
    return [p[place] for place in _PLACES if place in p]


def rules(p: Parameters) -> tuple[str, ...]:
    """Say what holds."""
    moves = [f"move_{k}_of_{len(_moves(p))}" for k in range(1, len(_moves(p)) + 1)]
    fill = ["fill"] if p["filler"] is not None else ["full"]
    return (*fill, *moves, *((f"sums_{p['sums']}",) if p["sums"] != "none" else ()))


def way(p: Parameters) -> tuple[str, ...]:
    """Explain zip, and the rows that are too short."""
    zipped = {"clockwise", "counter", "transpose"} & set(_moves(p))
    return (
        *(("zipped",) if zipped else ("sliced",)),
        *(("in_order",) if len(_moves(p)) > 1 else ()),
        *(("way_fill",) if p["filler"] is not None else ()),
    )


def source(p: Parameters) -> str:
    """Do one movement after the other."""
    sums = {
        "row": "    rows = [[*row, sum(row)] for row in rows]",
        "column": "    rows = rows + [[sum(column) for column in zip(*rows)]] if rows else []",
        "none": None,
    }[p["sums"]]
    fill = None
    if p["filler"] is not None:
        fill = (
            "    width = max(map(len, rows), default=0)\n"
            f"    rows = [row + [{p['filler']}] * (width - len(row)) for row in rows]"
        )
    return code(
        "def turn_table(rows: list[list[int]]) -> list[list[int]]:",
        '    """@doc"""',
        fill,
        *(f"    # @do_{one}\n    {_MOVES[one]}" for one in _moves(p)),
        sums,
        "    return rows",
    )


def inputs(p: Parameters, draw: Draw) -> list[list[Json]]:
    """Try tables that are wide, high, square, of one line, of one column, and none."""

    def table(n_rows: int, n_columns: int) -> list[list[int]]:
        numbers = draw.sample(range(1, 99), n_rows * n_columns)
        rows = [numbers[k * n_columns : (k + 1) * n_columns] for k in range(n_rows)]
        if p["filler"] is not None and n_columns > 1:
            short = draw.below(n_rows)
            rows = [
                row[: draw.between(1, n_columns - 1)] if k == short else row for k, row in enumerate(rows)
            ]
        return rows

    return [[table(2, 3)], [table(3, 2)], [table(4, 4)], [table(1, 5)], [[]], [table(4, 1)], [table(3, 6)]]


def _place(move: str, y: int, x: int, height: int, width: int) -> tuple[int, int]:
    """Return where a place of a table is after a movement."""
    return {
        "clockwise": (x, height - 1 - y),
        "counter": (width - 1 - x, y),
        "mirror": (y, width - 1 - x),
        "flip": (height - 1 - y, x),
        "transpose": (x, y),
    }[move]


def expected(p: Parameters, rows: list[list[int]]) -> Json:
    """Ask for every place of the new table where it was before."""
    width = max([len(row) for row in rows], default=0)
    cells = {
        (y, x): row[x] if x < len(row) else p["filler"] for y, row in enumerate(rows) for x in range(width)
    }
    height = len(rows)
    for move in _moves(p):
        cells = {_place(move, y, x, height, width): value for (y, x), value in cells.items()}
        if move in ("clockwise", "counter", "transpose"):
            height, width = width, height
    found = [[cells[y, x] for x in range(width)] for y in range(height)]
    if p["sums"] == "row":
        for row in found:
            row.append(sum(row))
    elif p["sums"] == "column" and found:
        found.append([sum(row[x] for row in found) for x in range(width)])
    return found


FAMILY = CodeFamily(draw=draw, rules=rules, way=way, source=source, inputs=inputs, expected=expected)
