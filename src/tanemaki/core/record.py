"""The record: one row with an id, an ordinal, fields and where it came from.

The **id** comes from the content (and, for equal contents, an occurrence number), so that the same row has the same id
whatever its place. The **ordinal** is the place in the source, hierarchical for children: ``7``, then ``7.2``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tanemaki.core.seeding import hex_id

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of these."""

Message = dict[str, Any]
"""One chat message in the OpenAI form: ``role``, ``content``, where needed ``tool_calls`` and ``tool_call_id``."""

FieldType = Literal["text", "integer", "number", "boolean", "texts", "messages", "json"]
"""How a field is stored in Parquet. ``texts`` is a list of texts; ``json`` any JSON value, kept as a JSON text."""

Ordinal = tuple[int, ...]
"""Place in the source, then place among the children of one parent (from 1), and so on."""


def show_ordinal(ordinal: Ordinal) -> str:
    """Return the ordinal as people read it.

    >>> show_ordinal((7, 2))
    '7.2'
    """
    return ".".join(map(str, ordinal)) if len(ordinal) > 1 else str(ordinal[0])


def read_ordinal(shown: str) -> Ordinal:
    """Return the ordinal that :func:`show_ordinal` wrote.

    >>> read_ordinal("7.2")
    (7, 2)
    """
    return tuple(map(int, shown.split(".")))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part of a record came from, as its licence requires it to be told."""

    id: str
    """Name of the piece in its collection: a page id, a file and line, a table."""
    licence: str | None = None
    """SPDX identifier or the owner's words; None if unknown. Never guessed."""
    url: str | None = None
    span: str | None = None
    """Which part of the piece, e.g. ``chars 120-480``."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row on its way through a recipe. Immutable: a step gives back another one.

    >>> record = Record("a1", (7,), {"persona": "京都の和菓子職人"})
    >>> record.with_fields(question="葛と寒天の違いは？")["question"]
    '葛と寒天の違いは？'
    """

    id: str
    ordinal: Ordinal
    fields: Mapping[str, Json]
    parents: tuple[str, ...] = ()
    """Ids of the records it was made from, the root first."""
    sources: tuple[Origin, ...] = field(default=())

    def __getitem__(self, name: str) -> Json:
        return self.fields[name]

    def get(self, name: str, default: Json = None) -> Json:
        """Return the field, or ``default`` where the record lacks it."""
        return self.fields.get(name, default)

    def with_fields(self, **fields: Json) -> Record:
        """Return this record with more fields."""
        return Record(self.id, self.ordinal, {**self.fields, **fields}, self.parents, self.sources)


def child_id(parent: str, step: str, number: int) -> str:
    """Return the id of a step's ``number``-th child, from 1: known before it is made, so that a sibling can name it."""
    return hex_id(parent, step, number)


@dataclass(frozen=True, slots=True)
class Children:
    """What a step returns that makes several records of one: the fields to add, a mapping per child.

    >>> len(Children.of({"answer": "はい"}, {"answer": "いいえ"}).fields)
    2
    """

    fields: tuple[Mapping[str, Json], ...]
    sources: tuple[tuple[Origin, ...], ...] | None = None
    """Where each child came from, one entry per child; None: where its parent did. A window of a text says its span here."""

    def __post_init__(self) -> None:
        if self.sources is not None and len(self.sources) != len(self.fields):
            raise ValueError(f"{len(self.fields)} children with the sources of {len(self.sources)}")

    @classmethod
    def of(cls, *fields: Mapping[str, Json]) -> Children:
        """Return the children with these added fields, in this order."""
        return cls(tuple(fields))
