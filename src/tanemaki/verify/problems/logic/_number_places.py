"""A grid of numbers in rows, columns and blocks, filled cell by cell for reasons that can be said."""

from __future__ import annotations

from collections.abc import Sequence, Set
from functools import cache

Found = tuple[int, str, int]
"""A cell, the reason, the number in it."""


@cache
def units_of(n: int) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, int, int], ...]]:
    """Return the cells of each row, column and block, and of each cell the numbers of its three units."""
    tall, wide = 2, n // 2
    of = tuple(
        (k // n, n + k % n, 2 * n + k // n // tall * (n // wide) + k % n // wide) for k in range(n * n)
    )
    return tuple(tuple(k for k in range(n * n) if unit in of[k]) for unit in range(3 * n)), of


def reason_for(
    k: int,
    bit: int,
    seen: list[int],
    empty: Set[int],
    units: tuple[tuple[int, ...], ...],
    of: tuple[tuple[int, int, int], ...],
    everything: int,
) -> str:
    """Return why a number is the one for a cell; nothing where that does not follow at once."""
    row, column, block = of[k]
    if (seen[row] | seen[column] | seen[block]) == everything ^ bit:
        return "only_number"
    for unit, reason in ((row, "only_in_row"), (column, "only_in_column"), (block, "only_in_block")):
        if all(
            (seen[of[o][0]] | seen[of[o][1]] | seen[of[o][2]]) & bit
            for o in units[unit]
            if o != k and o in empty
        ):
            return reason
    return ""


def filled(grid: Sequence[int], n: int, asked: int | None, *, by_unit: bool) -> list[Found]:
    """Fill the grid cell by cell until the asked one, looking first at cells or first at rows, columns and blocks."""
    units, of = units_of(n)
    seen = [sum(1 << grid[k] - 1 for k in unit if grid[k]) for unit in units]
    everything = (1 << n) - 1
    empty = {k for k, number in enumerate(grid) if not number}
    found: list[Found] = []
    while empty:
        k, reason, bit = _next(seen, empty, units, of, everything, len(found) if by_unit else None)
        found.append((k, reason, bit.bit_length()))
        empty.remove(k)
        for unit in of[k]:
            seen[unit] |= bit
        if k == asked:
            break
    return found


def _next(
    seen: list[int],
    empty: Set[int],
    units: tuple[tuple[int, ...], ...],
    of: tuple[tuple[int, int, int], ...],
    everything: int,
    turn: int | None,
) -> tuple[int, str, int]:
    free = {k: everything & ~(seen[of[k][0]] | seen[of[k][1]] | seen[of[k][2]]) for k in sorted(empty)}
    singles = [(k, "only_number", bits) for k, bits in free.items() if not bits & (bits - 1)]
    if singles and turn is None:
        return singles[0]
    n = len(units) // 3
    shift = (turn or 0) % 3 * n  # rows, columns and blocks take turns in coming first
    for place in (*range(shift, 3 * n), *range(shift)):
        once = more = 0
        inside = [k for k in units[place] if k in free]
        for k in inside:
            more |= once & free[k]
            once |= free[k]
        once &= ~more
        if once:
            bit = once & -once
            reason = ("only_in_row", "only_in_column", "only_in_block")[place // n]
            return next(k for k in inside if free[k] & bit), reason, bit
    return singles[0]


def needed(grid: Sequence[int], n: int, found: Sequence[Found]) -> list[Found]:
    """Return those on the way to the last one, each resting on what was printed wherever that is enough."""
    units, of = units_of(n)
    full = list(grid)
    for k, _, number in found:
        full[k] = number
    when = {k: place for place, (k, _, _) in enumerate(found)}
    cells = {found[-1][0]}
    way = []
    for place in range(len(found) - 1, -1, -1):
        k, reason, number = found[place]
        if k not in cells:
            continue
        way.append(found[place])
        if reason == "only_number":
            for other in range(1, n + 1):
                if other != number:
                    cells |= {_holder(k, other, place, full, when, units, of)} & when.keys()
        else:
            unit = of[k][("only_in_row", "only_in_column", "only_in_block").index(reason)]
            for o in units[unit]:
                if o != k and o in when:
                    seen = _holder(o, number, place, full, when, units, of)
                    cells |= {o} if seen is None else {seen} & when.keys()
    return way[::-1]


def _holder(
    k: int,
    number: int,
    place: int,
    full: Sequence[int],
    when: dict[int, int],
    units: tuple[tuple[int, ...], ...],
    of: tuple[tuple[int, int, int], ...],
) -> int | None:
    """Return a cell that keeps a number out of another cell before a step, a printed one if there is one."""
    able = [
        o for unit in of[k] for o in units[unit] if full[o] == number and o != k and when.get(o, -1) < place
    ]
    return min(able, key=lambda o: when.get(o, -1), default=None)
