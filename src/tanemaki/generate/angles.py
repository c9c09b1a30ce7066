"""What is to be asked about a passage, drawn before any model is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tanemaki.core.errors import RecipeError
from tanemaki.core.prompt import Row
from tanemaki.core.record import Children, FieldType, Json, Record
from tanemaki.core.step import Context


@dataclass(frozen=True, slots=True)
class Angles:
    """Draw for each question about a record its kind, the number of turns, and whether it can be answered.

    Kinds come from a table by weight and without putting back: the n questions about one record, and the turns of one
    dialogue, ask for different things while there are kinds left.

    Raises: ``RecipeError`` for a table of which no kind has a weight above 0.
    Cost: one pass over the table a turn.
    Source: ours.

    >>> Angles("kind", table="kinds", n=3).fans_out, Angles("kind", table="kinds").fans_out
    (True, False)
    """

    field: str
    """The field that holds the kind of the first question; the step's name, too."""
    table: str
    """Columns: one called like ``field``, ``wanted`` (what the prompt is told) and, where kinds differ in it, ``weight``."""
    n: int = 1
    """Questions about one record: above 1 the record becomes so many."""
    turns_min: int = 1
    turns_max: int = 1
    unanswerable_share: float = 0.0
    """Share of records, 0 to 1, whose last question the text does not answer."""

    @property
    def name(self) -> str:
        """The step's name."""
        return self.field

    @property
    def fans_out(self) -> bool:
        """Several records are made of one."""
        return self.n > 1

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """Kind of the first question, kinds and wishes of all turns, their number, and whether the last one is answered."""
        return {
            self.field: "text",
            f"{self.field}s": "texts",
            "wanted": "texts",
            "turns": "integer",
            "answerable": "boolean",
        }

    @property
    def tables(self) -> Mapping[str, frozenset[str]]:
        """The table with the columns that it needs."""
        return {self.table: frozenset({self.field, "wanted"})}

    def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Children:  # noqa: ARG002 - drawn by it
        """Draw; give the fields, or a child for each question."""
        rows = [row for row in context.table(self.table) if float(row.get("weight", 1)) > 0]
        if not rows:
            raise RecipeError(f"table {self.table!r} ({context.language}) has no row with a weight above 0")
        firsts = self._drawn(rows, self.n, context, "first")
        children = [self._one(rows, first, place, context) for place, first in enumerate(firsts)]
        return Children(tuple(children)) if self.fans_out else children[0]

    def _one(self, rows: Sequence[Row], first: Row, place: int, context: Context) -> Mapping[str, Json]:
        turns = context.draw("turns", place).between(self.turns_min, self.turns_max)
        others = [row for row in rows if row is not first] or rows
        kinds = [first, *self._drawn(others, turns - 1, context, "later", place)]
        return {
            self.field: first[self.field],
            f"{self.field}s": [row[self.field] for row in kinds],
            "wanted": [row["wanted"] for row in kinds],
            "turns": turns,
            "answerable": context.draw("answerable", place).uniform() >= self.unanswerable_share,
        }

    def _drawn(self, rows: Sequence[Row], n: int, context: Context, *place: str | int) -> list[Row]:
        draw = context.draw(*place)
        drawn: list[Row] = []
        left: list[Row] = []
        while len(drawn) < n:
            left = left or list(rows)
            drawn.append(draw.weighted(left, [float(row.get("weight", 1)) for row in left]))
            left.remove(drawn[-1])
        return drawn
