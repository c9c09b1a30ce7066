"""From a source's items to records: ids from content and occurrence, ordinals from the place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from tanemaki.core.record import Record
from tanemaki.core.seeding import digest, hex_id
from tanemaki.core.source import BadItem, Item, Source
from tanemaki.engine.scratch import Scratch
from tanemaki.engine.stored import dump

FIRST_READ, MOST_READ = 16, 256
"""Items that are read at once: few at first, so that the first rows set out early."""


class Intake:
    """Yields one record per item of a source, with its place from 1; a :class:`BadItem` as it is.

    An exact repetition in a source that promises distinct items is None: it was a slip of the draw.
    """

    def __init__(self, source: Source, scratch: Scratch, limit: int | None) -> None:
        self._source = source
        self._scratch = scratch
        self._limit = limit

    @property
    def is_endless(self) -> bool:
        """The source never ends, and no limit ends it."""
        return self._source.unlimited and self._limit is None

    def __iter__(self) -> Iterator[tuple[int, Record | BadItem | None]]:
        items = islice(self._source.items(), self._limit)
        place, n_read = 1, FIRST_READ
        while read := list(islice(items, n_read)):
            yield from enumerate(self._records(place, read), place)
            place += len(read)
            n_read = min(2 * n_read, MOST_READ)

    def _records(self, place: int, read: list[Item | BadItem]) -> Iterator[Record | BadItem | None]:
        contents = [dump(item.fields) for item in read if not isinstance(item, BadItem)]
        digests = [digest("record", content, 0) for content in contents]
        told = zip(contents, digests, self._scratch.occurrences(digests), strict=True)
        for number, item in enumerate(read, place):
            if isinstance(item, BadItem):
                yield item
                continue
            content, first, occurrence = next(told)
            if occurrence and self._source.distinct:
                yield None
                continue
            record_id = hex_id("record", content, occurrence) if occurrence else first.hex()[:16]
            yield Record(record_id, (number,), dict(item.fields), (), item.sources)
