"""JSON lines: one object a line. A file that ends in ``.json`` may also be one list of objects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import orjson

from tanemaki.core.errors import SetupError
from tanemaki.core.record import FieldType, Json
from tanemaki.core.source import BadItem
from tanemaki.sources.files import (
    READ_ERRORS,
    Scan,
    check_text,
    find_files,
    lines_of,
    open_bytes,
    scan,
    unreadable,
)
from tanemaki.sources.rows import Row, bad

ENDINGS = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz")

_AS_ZEROS = bytes(ord("0") if chr(i) in "0123456789" else ord(" ") for i in range(256))
_LONG_NUMBER = b"0" * 16  # orjson makes rounded floats of integers beyond 64 bits


class JsonLines:
    """Files of JSON lines, in sorted order.

    Values stay what they are: a text of digits is a text, an integer of thirty digits is exact. A line that is not one
    object is a bad row. A list in a ``.json`` file is read whole: memory grows with that file.
    """

    declared: Mapping[str, FieldType] | None = None
    notes: tuple[str, ...] = ()

    def __init__(self, path: str | None, base: Path) -> None:
        self.files = find_files(path, base, ENDINGS)
        for file in self.files:
            check_text(file)

    @cached_property
    def _scan(self) -> Scan:
        return scan(self.files)

    @property
    def fingerprint(self) -> str:
        """Hash of names and contents."""
        return self._scan.digest

    @property
    def size(self) -> int | None:
        """Number of lines that are not blank; None if one of the files is a list."""
        return None if any(map(is_list, self.files)) else self._scan.n_lines

    def rows(self, start: int = 0) -> Iterator[Row | BadItem]:
        """Yield the rows from place ``start`` on. Lines before it are passed over without being parsed."""
        passed = 0
        for file in self.files:
            try:
                for number, read in _objects(file) if is_list(file) else lines_of(file):
                    if passed < start:
                        passed += 1
                    else:
                        yield _row(read, file.name, number)
            except READ_ERRORS as error:
                raise unreadable(file, error) from error


def is_list(file: Path) -> bool:
    """Tell whether a ``.json`` file begins as a list."""
    if not file.name.endswith((".json", ".json.gz")):
        return False
    with open_bytes(file) as stream:
        return stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")


def _objects(file: Path) -> Iterator[tuple[int, Json]]:
    with open_bytes(file) as stream:
        text = stream.read().removeprefix(b"\xef\xbb\xbf")
    try:
        objects: Sequence[Json] = parse(text)
    except ValueError as error:
        raise SetupError(
            "the file begins as a JSON list, but is not one",
            where=file.name,
            got=str(error),
            next="mend it, or write one object a line and let the name end in .jsonl",
        ) from error
    yield from enumerate(objects, 1)


def _row(read: bytes | Json, file: str, number: int) -> Row | BadItem:
    where = f"{file}:{number}"
    value = read
    if isinstance(read, bytes):
        try:
            value = parse(read)
        except ValueError as error:
            return bad(f"not JSON: {error}", where, read)
    if not isinstance(value, dict):
        return bad(f"not an object, but {_kind(value)}", where, read)
    return Row(value, file, number)


def parse(text: bytes) -> Json:
    """Return the value of a JSON text, integers exact. Raises ``ValueError`` for bad UTF-8, NaN and half surrogates too.

    >>> parse(b'{"n": 123456789012345678901234567890}')
    {'n': 123456789012345678901234567890}
    """
    value = orjson.loads(text)
    return json.loads(text) if _LONG_NUMBER in text.translate(_AS_ZEROS) else value


def _kind(value: Json) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return "a list" if isinstance(value, list) else "a text" if isinstance(value, str) else "a number"
