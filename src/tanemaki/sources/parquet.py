"""Parquet files, in the order of their rows, a few thousand at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tanemaki.core.errors import SetupError
from tanemaki.core.fields import from_stored
from tanemaki.core.record import FieldType, Json
from tanemaki.core.source import BadItem
from tanemaki.sources.files import digest_of, find_files
from tanemaki.sources.rows import Row, bad, plain

if TYPE_CHECKING:
    import duckdb

_BATCH = 1_000
_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_SIMPLE: Mapping[str, FieldType] = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "FLOAT": "number",
    "DOUBLE": "number",
    "VARCHAR[]": "texts",
    **dict.fromkeys(_INTEGERS, "integer"),
}
_AS_TEXT = re.compile(r"(DATE|TIME|TIMESTAMP|INTERVAL|UUID|DECIMAL|BLOB|ENUM)")
_MESSAGES = re.compile(r'STRUCT\((?=.*\b"?role"? VARCHAR)(?=.*\b"?content"? VARCHAR).*\)\[\]', re.DOTALL)


class ParquetTable:
    """Parquet files in sorted order, with the types that they declare.

    Times become texts in ISO form, decimals exact texts, bytes base64; structures and other lists are JSON. Columns that
    only some of the files have are null in the others; a column with two types is refused.
    """

    def __init__(self, path: str | None, base: Path) -> None:
        self.files = find_files(path, base, (".parquet",))
        self._types = [_described(file) for file in self.files]
        self.declared: Mapping[str, FieldType] | None = self._declare()
        self.notes = tuple(
            f"column {name!r} ({kind}) is read as text"
            for name, kind in self._kinds().items()
            if kind != "VARCHAR" and field_type(kind) == "text"
        )

    def _kinds(self) -> dict[str, str]:
        kinds: dict[str, str] = {}
        for types in self._types:
            kinds.update(types)
        return kinds

    def _declare(self) -> dict[str, FieldType]:
        declared: dict[str, FieldType] = {}
        for file, types in zip(self.files, self._types, strict=True):
            for name, kind in types.items():
                found = field_type(kind)
                if declared.setdefault(name, found) != found:
                    raise SetupError(
                        f"the column {name!r} has another type than in {self.files[0].name}",
                        where=file.name,
                        got=f"{found} instead of {declared[name]}",
                        next="name one of the files, or write them again with one schema",
                    )
        return declared

    @cached_property
    def fingerprint(self) -> str:
        """Hash of names and contents."""
        return digest_of(self.files)

    @cached_property
    def size(self) -> int | None:
        """Number of rows, from the files' own footers."""
        return sum(self._counts)

    @cached_property
    def _counts(self) -> list[int]:
        return [int(_ask(file, "SELECT count(*) FROM read_parquet(?)")[0][0]) for file in self.files]

    def rows(self, start: int = 0) -> Iterator[Row | BadItem]:
        """Yield the rows from place ``start`` on."""
        for file, n_rows, types in zip(self.files, self._counts, self._types, strict=True):
            if start < n_rows:
                yield from _rows(file, start, types)
            start = max(0, start - n_rows)


def field_type(kind: str) -> FieldType:
    """Return the type of a field for DuckDB's name of a column's type.

    >>> (
    ...     field_type("BIGINT"),
    ...     field_type("DECIMAL(10,2)"),
    ...     field_type("HUGEINT"),
    ...     field_type("STRUCT(a INTEGER)"),
    ... )
    ('integer', 'text', 'json', 'json')
    """
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if _MESSAGES.fullmatch(kind):
        return "messages"
    return "text" if _AS_TEXT.match(kind) and not kind.endswith("]") else "json"


def _rows(file: Path, start: int, types: Mapping[str, str]) -> Iterator[Row | BadItem]:
    import duckdb

    names = list(types)
    readers = [_reader(kind) for kind in types.values()]
    with _connected() as connection:
        try:
            found = connection.execute("SELECT * FROM read_parquet(?) OFFSET ?", [str(file), start])
            number = start
            while batch := found.fetchmany(_BATCH):
                for cells in batch:
                    number += 1
                    yield _row(cells, names, readers, f"{file.name}:{number}")
        except duckdb.Error as error:
            raise _damaged(file, error) from error


def _row(
    cells: Sequence[object], names: list[str], readers: list[Callable[[object], Json]], where: str
) -> Row | BadItem:
    file, _, number = where.rpartition(":")
    try:
        values = {name: read(cell) for name, read, cell in zip(names, readers, cells, strict=True)}
    except (TypeError, json.JSONDecodeError) as error:
        return bad(f"a value that cannot be read: {error}", where, repr(cells))
    return Row(values, file, int(number))


def _reader(kind: str) -> Callable[[object], Json]:
    return _messages if field_type(kind) == "messages" else plain


def _messages(value: object) -> Json:
    messages = plain(value)
    # DuckDB gives every member of a structure; those that are null were not there
    return (
        None
        if messages is None
        else [None if message is None else from_stored(message) for message in messages]
    )


def _connected() -> duckdb.DuckDBPyConnection:
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute("SET threads = 1")  # rows in order, and flat memory
    return connection


def _ask(file: Path, query: str) -> list[tuple[Any, ...]]:
    import duckdb

    with _connected() as connection:
        try:
            return connection.execute(query, [str(file)]).fetchall()
        except duckdb.Error as error:
            raise _damaged(file, error) from error


def _described(file: Path) -> dict[str, str]:
    return {str(row[0]): str(row[1]) for row in _ask(file, "DESCRIBE SELECT * FROM read_parquet(?)")}


def _damaged(file: Path, error: Exception) -> SetupError:
    return SetupError(
        "the file cannot be read as Parquet",
        where=file.name,
        got=str(error).splitlines()[0],
        next="check that it is whole, and that it is Parquet",
    )
