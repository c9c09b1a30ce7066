"""Attribute tables: rows with weights, ages and tags, of which only those are drawn that fit together.

A table is a TSV file: comment lines that start with ``#``, a line of column names, then one row per line with ``-`` for an
empty cell. Every table has these columns, and may have more:

===========  ==========================================================================================================
column       means
===========  ==========================================================================================================
``text``     the words, unique within its table and ages
``weight``   how often it is drawn among the rows that fit: a whole number from 1
``min_age``  youngest age it fits, in years, inclusive
``max_age``  oldest age it fits, inclusive
``needs``    tags that must all have been given before; ``a|b`` is satisfied by either
``bars``     tags that must not have been given before
``gives``    tags that it gives to whatever is drawn after it
``group``    rows of one group shut each other out
===========  ==========================================================================================================
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import accumulate

from tanemaki.core.seeding import Draw

_TRIES = 24  # then the rows that fit are listed and one of them is drawn: the same chances, a slower way


@dataclass(frozen=True, slots=True)
class Attribute:
    """One row of a table."""

    text: str
    weight: int
    min_age: int
    max_age: int
    needs: tuple[frozenset[str], ...]
    """All of these; each is satisfied by any one of its tags."""
    bars: frozenset[str]
    gives: frozenset[str]
    cells: Mapping[str, str]
    """The further columns of its table."""

    def fits(self, tags: AbstractSet[str]) -> bool:
        """Tell whether it may follow what gave these tags.

        >>> header, row = "text weight min_age max_age needs bars", "海釣り 3 10 80 sea fisher"
        >>> (fishing,) = read_table("\\n".join([header, row]).replace(" ", "\\t"))
        >>> fishing.fits({"sea"}), fishing.fits({"sea", "fisher"}), fishing.fits(set())
        (True, False, False)
        """
        if not self.bars.isdisjoint(tags):
            return False
        for either in self.needs:  # noqa: SIM110 - a generator would double the time of every draw
            if either.isdisjoint(tags):
                return False
        return True


def read_table(content: str) -> tuple[Attribute, ...]:
    """Return the rows of a TSV file.

    Raises ``ValueError`` for a row with too few or too many cells or a weight that is no whole number from 1: the tables are
    part of the package, so a broken one is our bug.
    """
    lines = [line.split("\t") for line in content.splitlines() if line and not line.startswith("#")]
    header = lines[0]
    return tuple(_read_row(dict(zip(header, cells, strict=True))) for cells in lines[1:])


def _read_row(cells: dict[str, str]) -> Attribute:
    cells = {name: "" if cell == "-" else cell for name, cell in cells.items()}
    weight = int(cells.pop("weight"))
    if weight < 1:
        raise ValueError(f"{cells['text']!r} has the weight {weight}: a whole number from 1 is needed")
    own = {f"group:{cells['group']}"} if cells.get("group") else set()
    return Attribute(
        text=cells.pop("text"),
        weight=weight,
        min_age=int(cells.pop("min_age")),
        max_age=int(cells.pop("max_age")),
        needs=tuple(frozenset(need.split("|")) for need in cells.pop("needs", "").split()),
        bars=frozenset(cells.pop("bars", "").split()) | own,
        gives=frozenset(cells.pop("gives", "").split()) | own,
        cells=cells,
    )


class Table:
    """Rows to draw from.

    Cost: one draw and one bisection per try; the rows are sorted by age once per age that is asked for.
    """

    def __init__(self, rows: Iterable[Attribute]) -> None:
        self.rows = tuple(rows)
        self._at_age: dict[int, tuple[Sequence[Attribute], list[int]]] = {}

    def fitting(self, age: int, tags: AbstractSet[str]) -> list[Attribute]:
        """Return the rows that fit this age and these tags, in the order of the table."""
        return [row for row in self._of_age(age)[0] if row.fits(tags)]

    def pick(self, draw: Draw, age: int, tags: AbstractSet[str]) -> Attribute:
        """Return one row that fits, with probability proportional to its weight among those that fit.

        Raises ``ValueError`` if none fits: then the tables contradict each other.
        """
        rows, sums = self._of_age(age)
        if rows:
            for _ in range(_TRIES):
                row = rows[bisect_right(sums, draw.below(sums[-1]))]
                if row.fits(tags):
                    return row
        left = self.fitting(age, tags)
        return draw.weighted(left, [row.weight for row in left])

    def _of_age(self, age: int) -> tuple[Sequence[Attribute], list[int]]:
        found = self._at_age.get(age)
        if found is None:
            rows = [row for row in self.rows if row.min_age <= age <= row.max_age]
            found = self._at_age[age] = (rows, list(accumulate(row.weight for row in rows)))
        return found
