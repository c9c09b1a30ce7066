"""The source over any table of rows: types and shape are found from the first rows, then every row is held to them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence

from tanemaki.config.schema import SourceSettings
from tanemaki.core.errors import DataError, SetupError, shorten
from tanemaki.core.fields import kind_of
from tanemaki.core.record import FieldType, Json, Origin
from tanemaki.core.seeding import hex_id
from tanemaki.core.source import BadItem, Item
from tanemaki.sources.layout import Layout, check_map, lay_out
from tanemaki.sources.rows import Reader, Row, bad
from tanemaki.sources.shapes import Shape, find_shape

TYPED_ROWS = 10_000
"""Rows from which the types of columns are found where the file does not declare them."""
_SHAPED_ROWS = 200  # rows that vote on the shape
_TYPED_CHARS = 50_000_000  # or fewer rows, when so many characters of text have been seen

FindShape = Callable[[Sequence[Mapping[str, Json]], Sequence[str]], Shape | None]


class Table:
    """A source over a reader of rows.

    Items are the rows in the reader's order; a row that is not what its columns promise is a ``BadItem``. An item's origin
    is the file's own name with the line, never a folder of this machine.
    """

    unlimited = False
    distinct = False

    def __init__(
        self, kind: str, reader: Reader, settings: SourceSettings, *, find: FindShape | None = None
    ) -> None:
        self.kind = kind
        self._reader = reader
        self._settings = settings
        self._wanted_labels = frozenset(settings.labels)
        self._layout = self._find_layout(find)
        self.columns: Mapping[str, FieldType] = self._layout.fields
        """Canonical fields, then the user's own columns."""
        self.notes: tuple[str, ...] = (*self._layout.notes, *reader.notes)
        """Sentences for the user: the shape found, columns renamed or left out."""
        self._check_labels()

    def _find_layout(self, find: FindShape | None) -> Layout:
        declared, mapped = self._reader.declared, self._settings.map
        rows = self._first_rows(TYPED_ROWS if declared is None else _SHAPED_ROWS)
        own = declared if declared is not None else _typed(rows)
        if not own:
            # an empty file is legal, whatever its rows would have held
            return lay_out({}, {}, None)
        check_map(own, mapped)
        views = [
            {**row, **{field: row.get(column) for field, column in mapped.items()}}
            for row in rows[:_SHAPED_ROWS]
        ]
        names = list(dict.fromkeys((*mapped, *own)))
        shape = find(views, names) if find else find_shape(views, names, self._settings.shape)
        return lay_out(own, mapped, shape)

    def _check_labels(self) -> None:
        if not self._wanted_labels or not self.columns or self.columns.get("labels") == "texts":
            return
        raise SetupError(
            "there are no labels to choose from",
            where="source.labels",
            got=f"fields: {shorten(list(self.columns))}",
            next="name a file with a column of labels, or leave the key out",
        )

    def _first_rows(self, most: int) -> list[Mapping[str, Json]]:
        rows: list[Mapping[str, Json]] = []
        n_chars = 0
        for row in itertools.islice(self._reader.rows(), most):
            if isinstance(row, Row):
                rows.append(row.values)
                n_chars += sum(len(value) for value in row.values.values() if isinstance(value, str | list))
            if n_chars > _TYPED_CHARS:
                break
        return rows

    @property
    def fingerprint(self) -> str:
        """Hash of the contents and of every setting that the items depend on. Cost: one pass over the files."""
        shape = self._layout.shape.name if self._layout.shape else ""
        settings = [
            shape,
            sorted(self._settings.map.items()),
            sorted(self._wanted_labels),
            self._settings.licence,
        ]
        return hex_id("source", self.kind, self._reader.fingerprint, json.dumps(settings), length=32)

    @property
    def size(self) -> int | None:
        """Number of rows, readable or not; None if it is not known beforehand."""
        return None if self._wanted_labels else self._reader.size

    def items(self, start: int = 0) -> Iterator[Item | BadItem]:
        """Yield the items from place ``start`` on."""
        if self._wanted_labels:
            wanted = (item for item in map(self._item, self._reader.rows()) if self._is_wanted(item))
            return itertools.islice(wanted, start, None)
        return map(self._item, self._reader.rows(start))

    def _is_wanted(self, item: Item | BadItem) -> bool:
        return isinstance(item, BadItem) or not self._wanted_labels.isdisjoint(item.fields["labels"])

    def _item(self, row: Row | BadItem) -> Item | BadItem:
        if isinstance(row, BadItem):
            return row
        try:
            fields = self._layout.read(row.values)
        except DataError as error:
            told = f"{error.what}, got {error.got}" if error.got else error.what
            return bad(told, row.where, json.dumps(row.values, ensure_ascii=False))
        return Item(fields, (self._origin(row, fields),))

    def _origin(self, row: Row, fields: Mapping[str, Json]) -> Origin:
        """The row's place, with the fields ``url`` and ``licence`` where it has them; else the run file's licence."""
        url, licence = (
            one if isinstance(one, str) and one else None
            for one in (fields.get("url"), fields.get("licence"))
        )
        return Origin(row.where, licence or self._settings.licence, url)


def _typed(rows: Sequence[Mapping[str, Json]]) -> dict[str, FieldType]:
    columns = dict.fromkeys(name for row in rows for name in row)
    return {name: kind_of(row.get(name) for row in rows) for name in columns}
