"""From a source's items to records: ids from content and occurrence, ordinals from the place."""

from __future__ import annotations

from collections.abc import Iterator

from tanemaki.core.record import Record
from tanemaki.core.seeding import hex_id
from tanemaki.core.source import BadItem, Item, Source
from tanemaki.engine.scratch import Scratch
from tanemaki.engine.stored import dump


class Intake:
    """Yields one record per item of a source, with its place from 1; a :class:`BadItem` as it is.

    An exact repetition in a source that promises distinct items is None: it was a slip of the draw.
    """

    def __init__(self, source: Source, scratch: Scratch, limit: int | None) -> None:
        self._source = source
        self._scratch = scratch
        self._limit = limit

    def __iter__(self) -> Iterator[tuple[int, Record | BadItem | None]]:
        for place, item in enumerate(self._source.items(), start=1):
            if self._limit is not None and place > self._limit:
                return
            yield place, item if isinstance(item, BadItem) else self._record(place, item)

    def _record(self, place: int, item: Item) -> Record | None:
        content = dump(item.fields)
        occurrence = self._scratch.occurrence(content)
        if occurrence and self._source.distinct:
            return None
        record_id = hex_id("record", content, occurrence)
        return Record(record_id, (place,), dict(item.fields), (), item.sources)
