"""Rows on their way to Parquet: checked against the declared columns and kept as newline-delimited JSON on disk.

A row that does not fit is refused with its number and column rather than changed. One thing is changed, visibly: half of a
surrogate pair, which no UTF-8 file can hold, becomes U+FFFD (�).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import orjson

from tanemaki.core.errors import DataError, nearest, shorten
from tanemaki.core.fields import misfit, to_stored
from tanemaki.core.record import FieldType, Json, Origin

ColumnType = FieldType | Literal["origins"]
"""How a column is stored; ``origins`` is the typed list of a record's ``sources``."""

MESSAGE_MEMBERS = ("name", "tool_calls", "tool_call_id", "extra")
"""Members of a stored message besides role and content, present in a dataset where one of its rows uses them."""

_HALF_PAIR = re.compile("[\ud800-\udfff]")


class JsonText(str):
    """A JSON value that is written already, as a ``json`` column stores it."""

    __slots__ = ()


class Spool:
    """A file of rows as JSON lines beside the Parquet file that will be made of it. Use it in a ``with`` block."""

    def __init__(self, path: Path, columns: Mapping[str, ColumnType]) -> None:
        self.path = path
        self.columns = columns
        self.n_rows = 0
        self.size_bytes = 0
        self.longest_bytes = 0
        self.members: dict[str, set[str]] = {
            name: set() for name, kind in columns.items() if kind == "messages"
        }
        """Optional members of messages that occurred, by column."""

    def __enter__(self) -> Self:
        self._file = self.path.open("wb", buffering=_BUFFER_BYTES)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what is left; may be called twice."""
        self._file.close()

    def add(self, row: Mapping[str, Json], number: int) -> None:
        """Write one row. Raises ``DataError`` if it has an undeclared field or a value of another type."""
        stored = self._stored(row, number)
        try:
            line = orjson.dumps(stored, option=orjson.OPT_APPEND_NEWLINE)
        except orjson.JSONEncodeError:  # half of a surrogate pair
            line = orjson.dumps(_whole(stored), option=orjson.OPT_APPEND_NEWLINE)
        self._file.write(line)
        self.n_rows += 1
        self.size_bytes += len(line)
        self.longest_bytes = max(self.longest_bytes, len(line))

    def _stored(self, row: Mapping[str, Json], number: int) -> dict[str, Json]:
        if not row.keys() <= self.columns.keys():
            name = min(row.keys() - self.columns.keys())
            near = nearest(name, self.columns)
            raise DataError(
                f"a row has the field {name!r}, which no column holds",
                where=f"row {number}",
                got=f"columns: {', '.join(self.columns)}",
                next=f"did you mean {near!r}?" if near else "declare it, or leave it out on purpose",
            )
        stored = {}
        for name, value in row.items():
            kind = self.columns[name]
            if (type(value) is str and kind == "text") or (type(value) is JsonText and kind == "json"):
                stored[name] = value
            elif value is not None:
                stored[name] = self._encode(name, value, number)
        return stored

    def _encode(self, name: str, value: Json, number: int) -> Json:
        kind = self.columns[name]
        if kind == "origins":
            return [_origin(origin, name, number) for origin in value]
        fault = misfit(value, kind)
        if fault:
            raise DataError(
                f"column {name!r} is declared as {kind}, but a row has {fault}",
                where=f"row {number}",
                got=shorten(value),
            )
        if kind == "messages":
            messages = [to_stored(message) for message in value]
            self.members[name].update(*messages)
            return messages
        if kind == "json":
            return _json_text(value)
        if kind == "number":
            # JSON has no word for these; as texts DuckDB casts them to the declared type
            return float(value) if math.isfinite(value) else str(float(value))
        return value


_BUFFER_BYTES = 1 << 18
_ORIGIN = frozenset({"id", "licence", "url", "span"})


def _origin(origin: Origin | Mapping[str, Json], name: str, number: int) -> dict[str, Json]:
    members = asdict(origin) if isinstance(origin, Origin) else dict(origin)
    wrong = [key for key, value in members.items() if value is not None and not isinstance(value, str)]
    if wrong or not members.keys() <= _ORIGIN or members.get("id") is None:
        raise DataError(
            f"column {name!r} holds origins: id, licence, url and span, all texts",
            where=f"row {number}",
            got=shorten(members),
        )
    return members


def _whole(value: Json) -> Json:
    """Return the value without halves of surrogate pairs; the same object where there are none, which is nearly always."""
    if isinstance(value, str):
        if value.isascii():
            return value
        return _HALF_PAIR.sub("\ufffd", value)
    if isinstance(value, list | tuple):
        return [_whole(part) for part in value]
    if isinstance(value, Mapping):
        return {_whole(key): _whole(part) for key, part in value.items()}
    return value


def _json_text(value: Json) -> str:
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:  # half of a surrogate pair, or an integer beyond 64 bits
        whole = _whole(value)
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def json_line(row: Mapping[str, Json], names: Iterable[str]) -> bytes:
    """Return the named fields of a row as one JSON line, values as they are and None where the row lacks one."""
    values = {name: _plain(row.get(name)) for name in names}
    return _json_text(values).encode() + b"\n"


def _plain(value: Json) -> Json:
    if isinstance(value, Origin):
        return asdict(value)
    if isinstance(value, JsonText):
        return json.loads(value)
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
