"""Columns of the source that bear a name which the recipe writes: they make way, and nothing of them is lost.

A set to be answered anew has a column ``answer``, and so has what the recipe makes of it. The user's column is then kept as
``source_answer``, as a reader does with a column named ``id`` (:mod:`tanemaki.sources.layout`), and a note says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from tanemaki.core.record import FieldType
from tanemaki.core.seeding import hex_id
from tanemaki.core.source import BadItem, Item, Source


class Moved:
    """A source some of whose columns have another name, and which is otherwise the same.

    >>> from tanemaki.sources.given import Given
    >>> rows = [{"question": "霧はなぜ出るのですか。", "answer": "湿っているから。"}]
    >>> source = make_way(Given(rows), ("answer",))
    >>> next(source.items()).fields["source_answer"]
    '湿っているから。'
    """

    def __init__(self, source: Source, names: Mapping[str, str]) -> None:
        self._source = source
        self._names = names
        self.kind = source.kind
        self.fingerprint = hex_id(
            "moved", source.fingerprint, *(f"{old}={new}" for old, new in names.items()), length=32
        )
        self.columns: Mapping[str, FieldType] = {
            names.get(name, name): kind for name, kind in source.columns.items()
        }
        self.unlimited = source.unlimited
        self.distinct = source.distinct
        self.notes: tuple[str, ...] = (
            *getattr(source, "notes", ()),
            *(f"column {old!r} is kept as {new!r}: the recipe writes {old!r}" for old, new in names.items()),
        )

    @property
    def size(self) -> int | None:
        """As of the source."""
        return self._source.size

    def items(self, start: int = 0) -> Iterator[Item | BadItem]:
        """Yield the items with their fields under the names that they have here."""
        return map(self._rename, self._source.items(start))

    def _rename(self, item: Item | BadItem) -> Item | BadItem:
        if isinstance(item, BadItem):
            return item
        fields = {self._names.get(name, name): value for name, value in item.fields.items()}
        return replace(item, fields=fields)


def make_way(source: Source, written: Iterable[str]) -> Source:
    """Return the source, its columns renamed where the recipe writes a field of that name.

    Names that differ only in capital letters count as equal, because Parquet's readers take them so.
    """
    fields = {name.lower(): name for name in written}
    taken = {*fields, *(name.lower() for name in source.columns)}
    names: dict[str, str] = {}
    for column in source.columns:
        if column.lower() not in fields:
            continue
        name = f"source_{column}"
        while name.lower() in taken:
            name = f"source_{name}"
        taken.add(name.lower())
        names[column] = name
    return Moved(source, names) if names else source
