"""Rows that hold nothing but their number: the source of recipes that make something out of nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import ClassVar

from tanemaki.core.record import FieldType
from tanemaki.core.seeding import hex_id
from tanemaki.core.source import Item


class Count:
    """A source that never ends: ``number`` counts from 1.

    >>> [item.fields["number"] for item, _ in zip(Count().items(start=6), range(2))]
    [7, 8]
    """

    kind: ClassVar[str] = "count"
    columns: ClassVar[Mapping[str, FieldType]] = {"number": "integer"}
    size: ClassVar[int | None] = None
    unlimited: ClassVar[bool] = True
    distinct: ClassVar[bool] = True
    fingerprint: ClassVar[str] = hex_id("count", length=32)

    def items(self, start: int = 0) -> Iterator[Item]:
        """Yield the rows from place ``start`` on, without end."""
        for k in count(start + 1):
            yield Item({"number": k})
