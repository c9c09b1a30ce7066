"""Draws that make rows differ: one row of a table, or a number."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from tanemaki.core.errors import RecipeError, shorten
from tanemaki.core.prompt import Row
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context


@dataclass(frozen=True, slots=True)
class Pick:
    """Draw one row of a table for each record, and write what stands in it.

    A column ``weight``, where the table has one, makes rows more or less likely (numbers of 0 or more; without it all are
    equal). The draw depends on the record and the step alone, so neighbours share nothing.

    With ``where``, only rows that fit the record are drawn from: ``where={"kind": "kinds"}`` keeps the rows whose column
    ``kind`` and the record's field ``kinds`` share a word; the word ``*`` in the field lets every row through.

    Raises: ``RecipeError`` if no row fits.
    Cost: one pass over the table a record.
    Source: ours; the weighted product of persona, task and topic is topic-hub's (``synth_topic_multiturn.py``). Differs:
    drawn per row and not per process, from names and not from a running seed.

    >>> Pick("topic", table="topics", where={"kind": "kinds"}).reads
    ('kinds',)
    """

    field: str
    """The field that is written; the step's name, too."""
    table: str
    """The table's file name without ending."""
    column: str | None = None
    """The column whose cell is written; None is the one that is called like the field."""
    also: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Further columns of the drawn row → the fields that they are written to."""
    where: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Column → field; both list values, separated by spaces, and fit where they share one."""

    @property
    def name(self) -> str:
        """The step's name."""
        return self.field

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields that narrow the draw."""
        return tuple(self.where.values())

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The fields that it adds, all texts."""
        return {self.field: "text", **dict.fromkeys(self.also.values(), "text")}

    @property
    def tables(self) -> Mapping[str, frozenset[str]]:
        """The table with the columns that it needs."""
        return {self.table: frozenset({self.column or self.field, *self.also, *self.where})}

    def __call__(self, record: Record, context: Context) -> Mapping[str, Json]:
        """Draw a row; give its cells."""
        rows = [row for row in context.table(self.table) if self._fits(row, record)]
        weights = [float(row.get("weight", 1)) for row in rows]
        if not sum(weights) > 0:
            wanted = {column: record[name] for column, name in self.where.items()}
            raise RecipeError(
                f"step {self.name!r} finds no row in table {self.table!r} ({context.language}) that fits",
                got=shorten(wanted),
                next=f"write such a row with a weight above 0 into data/{context.language}/{self.table}.tsv",
            )
        row = context.draw().weighted(rows, weights)
        return {
            self.field: row[self.column or self.field],
            **{to: row[column] for column, to in self.also.items()},
        }

    def _fits(self, row: Row, record: Record) -> bool:
        lists = (
            (set(row[column].split()), set(str(record[name]).split())) for column, name in self.where.items()
        )
        return all(here & fitting or "*" in fitting for here, fitting in lists)


@dataclass(frozen=True, slots=True)
class PickNumber:
    """Draw a whole number for each record, all from ``low`` to ``high`` (both inclusive) equally likely.

    Source: ours.

    >>> PickNumber("turns", low=1, high=3).writes
    {'turns': 'integer'}
    """

    field: str
    """The field that is written; the step's name, too."""
    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"PickNumber({self.field!r}): low {self.low} is above high {self.high}")

    @property
    def name(self) -> str:
        """The step's name."""
        return self.field

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The field that it adds."""
        return {self.field: "integer"}

    def __call__(self, record: Record, context: Context) -> Mapping[str, Json]:  # noqa: ARG002 - the draw knows the record
        """Draw; give the number."""
        return {self.field: context.draw().between(self.low, self.high)}
