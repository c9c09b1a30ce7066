"""A grid of numbers in rows, columns and blocks, filled cell by cell for reasons that can be said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache

Found = tuple[int, str, int]
"""A cell, the reason, the number in it."""
REASONS = ("only_in_row", "only_in_column", "only_in_block")


class Shape:
    """Rows, columns and blocks of a grid of n × n cells; a block is two cells high.

    >>> shape_of(4).of[5], shape_of(4).units[8]
    ((1, 5, 8), (0, 1, 4, 5))
    """

    def __init__(self, n: int) -> None:
        wide = n // 2
        self.n = n
        self.all_numbers = (1 << n) - 1
        """A mask: bit k - 1 is the number k."""
        self.of = tuple((k // n, n + k % n, 2 * n + k // n // 2 * 2 + k % n // wide) for k in range(n * n))
        """The numbers of the row, the column and the block of each cell."""
        self.units = tuple(tuple(k for k in range(n * n) if unit in self.of[k]) for unit in range(3 * n))
        """The cells of each row, column and block."""

    def seen(self, masks: Sequence[int], k: int) -> int:
        """Return the numbers in a cell's row, column and block."""
        row, column, block = self.of[k]
        return masks[row] | masks[column] | masks[block]


@cache
def shape_of(n: int) -> Shape:
    """Return the shape of a grid of n × n cells."""
    return Shape(n)


def follows(shape: Shape, k: int, bit: int, masks: Sequence[int], empty: Collection[int]) -> bool:
    """Return whether a number is at once the only one for its cell, or the cell the only one for it."""
    return shape.seen(masks, k) == shape.all_numbers ^ bit or any(
        all(shape.seen(masks, o) & bit for o in shape.units[unit] if o != k and o in empty)
        for unit in shape.of[k]
    )


def filled(grid: Sequence[int], shape: Shape, asked: Collection[int], *, by_unit: bool) -> list[Found]:
    """Fill the grid until the cells asked for are there, looking first at cells or first at rows, columns, blocks."""
    masks = [sum(1 << grid[k] - 1 for k in unit if grid[k]) for unit in shape.units]
    empty = {k for k, number in enumerate(grid) if not number}
    found: list[Found] = []
    while any(k in empty for k in asked):
        k, reason, bit = _next(shape, masks, empty, len(found) if by_unit else None)
        found.append((k, reason, bit.bit_length()))
        empty.remove(k)
        for unit in shape.of[k]:
            masks[unit] |= bit
    return found


def _next(
    shape: Shape, masks: Sequence[int], empty: Collection[int], turn: int | None
) -> tuple[int, str, int]:
    free = {}
    single = None
    for k in sorted(empty):
        bits = free[k] = shape.all_numbers & ~shape.seen(masks, k)
        if not single and not bits & (bits - 1):
            single = (k, "only_number", bits)
            if turn is None:
                return single
    shift = (turn or 0) % 3 * shape.n  # rows, columns and blocks take turns in coming first
    for unit in (*range(shift, 3 * shape.n), *range(shift)):
        once = more = 0
        inside = [k for k in shape.units[unit] if k in free]
        for k in inside:
            more |= once & free[k]
            once |= free[k]
        once &= ~more
        if once:
            bit = once & -once
            return next(k for k in inside if free[k] & bit), REASONS[unit // shape.n], bit
    if single is None:
        raise ValueError("nothing follows at once")
    return single


def needed(grid: Sequence[int], shape: Shape, found: Sequence[Found], asked: Collection[int]) -> list[Found]:
    """Return those on the way to the ones asked for, each resting on what is printed wherever that is enough."""
    full = list(grid)
    for k, _, number in found:
        full[k] = number
    when = {k: place for place, (k, _, _) in enumerate(found)}
    cells = set(asked)
    way = []
    for place, (k, reason, number) in reversed(list(enumerate(found))):
        if k not in cells:
            continue
        way.append(found[place])
        if reason == "only_number":
            others = (one for one in range(1, shape.n + 1) if one != number)
            cells.update(_holder(shape, k, other, full, when, place) for other in others)
            continue
        for o in shape.units[shape.of[k][REASONS.index(reason)]]:
            if o != k and o in when:
                holder = _holder(shape, o, number, full, when, place)
                cells.add(o if holder < 0 else holder)
    return way[::-1]


def _holder(
    shape: Shape, k: int, number: int, full: Sequence[int], when: Mapping[int, int], before: int
) -> int:
    """Return a cell that keeps a number out of cell k before a step, a printed one if there is one; -1 for none."""
    able = [
        o
        for unit in shape.of[k]
        for o in shape.units[unit]
        if full[o] == number and o != k and when.get(o, -1) < before
    ]
    return min(able, key=lambda o: when.get(o, -1), default=-1)
