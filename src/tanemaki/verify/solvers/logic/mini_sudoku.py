"""Numbers are tried in the emptiest way: the first free cell, every number, back where it fails. One grid may be left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tanemaki.core.record import Json


def solve(p: Mapping[str, Json]) -> Json:
    """Return the sum of the numbers in the cells that are asked for."""
    (full,) = _full(list(p["grid"]), p["size"])
    return sum(full[k] for k in p["asked"])


def _full(grid: list[int], n: int) -> Iterator[list[int]]:
    if 0 not in grid:
        yield list(grid)
        return
    free = [(_possible(grid, n, k), k) for k, number in enumerate(grid) if not number]
    numbers, k = min(free, key=lambda one: len(one[0]))
    for number in sorted(numbers):
        grid[k] = number
        yield from _full(grid, n)
    grid[k] = 0


def _possible(grid: list[int], n: int, k: int) -> set[int]:
    row, column, wide = k // n, k % n, n // 2
    top, left = row - row % 2, column - column % wide
    block = (grid[(top + down) * n + left + right] for down in range(2) for right in range(wide))
    return set(range(1, n + 1)) - set(grid[row * n : row * n + n]) - set(grid[column::n]) - set(block)
