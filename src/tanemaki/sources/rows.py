"""What a reader of files gives: raw rows with their place, or rows that it could not read."""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import uuid
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from tanemaki.core.record import FieldType, Json
from tanemaki.core.source import BadItem


class Row(NamedTuple):
    """One readable row, as it stands in its file."""

    values: Mapping[str, Json]
    file: str
    """The file's own name, without its folder: where a machine keeps it is no part of the data."""
    number: int
    """Line in the file, or row number where there are no lines; from 1."""

    @property
    def where(self) -> str:
        """The place as people write it."""
        return f"{self.file}:{self.number}"


class Reader(Protocol):
    """Reads one kind of place, in a fixed order."""

    @property
    def fingerprint(self) -> str:
        """Hash of what the rows depend on."""

    @property
    def size(self) -> int | None:
        """Number of rows, readable or not; None if it is not known without reading them all."""

    @property
    def declared(self) -> Mapping[str, FieldType] | None:
        """Types that the place itself declares; None where they are found from the rows."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what is not taken as it stands."""

    def rows(self, start: int = 0) -> Iterator[Row | BadItem]:
        """Yield the rows from place ``start`` on."""


def bad(message: str, where: str, raw: object) -> BadItem:
    """Return a row that could not be read, with the beginning of what was there."""
    text = (
        raw.decode("utf-8", "replace")
        if isinstance(raw, bytes)
        else raw
        if isinstance(raw, str)
        else repr(raw)
    )
    return BadItem(message, where, text[:200])


def plain(value: object) -> Json:
    """Return a value of a typed file as JSON: times in ISO form, decimals as texts (exact), bytes in base64.

    Raises ``TypeError`` for anything else that is not JSON.

    >>> plain({"日付": dt.date(2024, 4, 1), "円": decimal.Decimal("10.50")})
    {'日付': '2024-04-01', '円': '10.50'}
    """
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {key if isinstance(key, str) else str(plain(key)): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal | uuid.UUID | dt.timedelta):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"a {type(value).__name__}, which is not JSON")
