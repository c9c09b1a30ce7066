"""Labels of a set's pairs that lie elsewhere: in a further column of it, or in another file, whatever its form."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice

from tanemaki.core.errors import SetupError, nearest
from tanemaki.core.seeding import hex_id
from tanemaki.judge.sets.sides import side_reader
from tanemaki.run.foreign_set import FIRST_ROWS, Cells, Set
from tanemaki.sources.rows import Row

ReadColumn = Callable[[Cells, Cells], str | None]
"""A row's cells, and the row as a judge takes it → its side in the further column. Raises ``DataError``."""
_OTHER = {"first": "second", "second": "first", "tie": "tie"}


def name_of(row: Cells) -> str:
    """Name a row by its texts, in whatever order its answers stand."""
    if "answer" in row:
        return hex_id("answer", row["prompt"], row["answer"])
    return hex_id("pair", row["prompt"], *sorted((row["first"], row["second"])))


def winners_of(found: Set) -> dict[str, str]:
    """Return the winning text of every pair of a set; the empty text for a tie. Raises ``SetupError`` without labels."""
    if not found.form.has_labels:
        raise SetupError(
            "the rows that the labels are to be compared with hold none",
            where=str(found.path),
            got=f"columns: {', '.join(found.columns)[:200]}",
            next="name a file with prompt, both answers, and a label or chosen and rejected",
        )
    labelled = (row for _, _, row in found.rows() if not isinstance(row, str) and row.get("label"))
    return {name_of(row): "" if row["label"] == "tie" else row[row["label"]] for row in labelled}


def side_of_winner(winner: str | None, row: Cells) -> str | None:
    """Return the side of a row that holds the winning text; a tie for the empty text."""
    if not winner:
        return None if winner is None else "tie"
    return "first" if row["first"] == winner else "second"


def column_reader(found: Set, column: str) -> ReadColumn:
    """Return what reads the side of a further column, told from the set's own order of the answers.

    Raises ``SetupError`` for a column that is not there, or of a set whose rows do not hold two answers side by side.
    """
    if column not in found.columns or found.form.answers is None:
        near = nearest(column, found.columns)
        raise SetupError(
            f"{column!r} is no column of sides"
            if column in found.columns
            else f"there is no column {column!r}",
            where="--against",
            got=f"columns: {', '.join(found.columns)[:200]}",
            next=f"did you mean {near!r}?"
            if near and near != column
            else "name a column, a file, or a model's role",
        )
    chosen = found.form.name == "preference"
    values = [
        row.values.get(column) for row in islice(found.reader.rows(), FIRST_ROWS) if isinstance(row, Row)
    ]
    answers = ("chosen", "rejected") if chosen else found.form.answers
    side_of = side_reader(values, answers, found.labels)

    def read(cells: Cells, row: Cells) -> str | None:
        side = side_of(cells.get(column))
        return _OTHER[side] if side and chosen and row["label"] == "second" else side

    return read
