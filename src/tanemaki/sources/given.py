"""Rows that are already in memory: the source for Python code and for tests."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from tanemaki.core.fields import kind_of
from tanemaki.core.record import FieldType, Json, Origin
from tanemaki.core.seeding import hex_id
from tanemaki.core.source import BadItem, Item


class Given:
    """A list of rows, each a mapping of fields.

    >>> source = Given([{"question": "三角形の内角の和は？"}])
    >>> next(source.items()).fields["question"]
    '三角形の内角の和は？'
    """

    def __init__(self, rows: Sequence[Mapping[str, Json]], *, licence: str | None = None) -> None:
        self._rows = rows
        self._licence = licence
        names = dict.fromkeys(name for row in rows for name in row)
        self._columns: dict[str, FieldType] = {
            name: kind_of([row.get(name) for row in rows]) for name in names
        }

    @property
    def kind(self) -> str:
        """``given``."""
        return "given"

    @property
    def fingerprint(self) -> str:
        """Hash of the rows."""
        told = json.dumps(list(self._rows), ensure_ascii=True, sort_keys=True, default=repr)
        return hex_id("given", told, self._licence or "")

    @property
    def columns(self) -> Mapping[str, FieldType]:
        """Every key that some row has, with the narrowest type that holds all its values."""
        return self._columns

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self._rows)

    @property
    def unlimited(self) -> bool:
        """False."""
        return False

    @property
    def distinct(self) -> bool:
        """False: equal rows are told apart by their occurrence."""
        return False

    def items(self, start: int = 0) -> Iterator[Item | BadItem]:
        """Yield the rows; keys that a row lacks are None in it."""
        for row in self._rows[start:]:
            fields = {name: row.get(name) for name in self._columns}
            yield Item(fields, (Origin("given", self._licence),))
