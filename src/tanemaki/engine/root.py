"""A root: one record of the source with everything that became of it, until all of it has ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from tanemaki.core.record import Json, Ordinal, Record, read_ordinal, show_ordinal
from tanemaki.core.verdict import Measured

Status = Literal["accepted", "rejected", "failed", "parent", "merged"]
"""How a record ended. ``parent``: it became its children; ``merged``: it went into its parent at a group step."""


@dataclass(slots=True)
class Row:
    """A record that ended, as the journal keeps it."""

    record: Record
    status: Status
    lineage: Mapping[str, Json]
    step: str | None = None
    reason: str | None = None
    """The step's reason, or the class of a failure."""
    measured: Measured = None
    limit: Measured = None
    note: str | None = None
    """What the rejecting step added, or the failure's message."""


class CallNote(NamedTuple):
    """What lineage tells of one call."""

    ordinal: Ordinal
    step_place: int
    place: int
    sample: int
    told: Mapping[str, Json]


@dataclass(slots=True)
class Root:
    """One record of the source on its way, with its offspring."""

    number: int
    """Place in the source, from 1."""
    record: Record
    known: Mapping[Any, Any] = field(default_factory=dict)
    """Its calls of earlier starts, from the journal."""
    calls: list[CallNote] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    n_children: int = 0
    """Records that its steps made of others."""
    interrupted: BaseException | None = None
    """What kept a call of one of its steps from its reply: the root is not closed, whatever the step made of that."""

    def end(
        self,
        record: Record,
        status: Status,
        *,
        step_place: int,
        step: str | None = None,
        reason: str | None = None,
        measured: Measured = None,
        limit: Measured = None,
        note: str | None = None,
    ) -> None:
        """Note how one of its records ended; ``step_place`` is the last step that counts for its lineage."""
        lineage = self._lineage(record, step_place)
        self.rows.append(Row(record, status, lineage, step, reason, measured, limit, note))

    def _lineage(self, record: Record, step_place: int) -> dict[str, Json]:
        mine = record.ordinal
        told = [
            note
            for note in self.calls
            if note.step_place <= step_place
            and (note.ordinal == mine[: len(note.ordinal)] or mine == note.ordinal[: len(mine)])
        ]
        told.sort(key=lambda note: (note.step_place, note.ordinal, note.place, *_in_order(note.sample)))
        return {
            "ordinal": show_ordinal(mine),
            "parents": list(record.parents),
            "calls": [note.told for note in told],
        }


def _in_order(sample: int) -> tuple[int, int]:
    """Return the place of a sample among its siblings; the repair of a reply (``-1 - sample``) stands right behind it."""
    return (sample, 0) if sample >= 0 else (-1 - sample, 1)


def path_of(ordinal: Ordinal) -> str:
    """Return the part of an ordinal below its root.

    >>> path_of((7, 2, 1)), path_of((7,))
    ('2.1', '')
    """
    return show_ordinal(ordinal[1:]) if len(ordinal) > 1 else ""


def ordinal_of(root: int, path: str) -> Ordinal:
    """Return the ordinal that a root and :func:`path_of` make."""
    return (root, *read_ordinal(path)) if path else (root,)
