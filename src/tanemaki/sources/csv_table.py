"""CSV with a header line. Every column is text: nothing is guessed, so that ``007`` stays ``007``."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from tanemaki.core.errors import SetupError, shorten
from tanemaki.core.record import FieldType
from tanemaki.core.source import BadItem
from tanemaki.sources.files import READ_ERRORS, check_text, find_files, open_bytes, scan, unreadable
from tanemaki.sources.rows import Row, bad

ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz")


class CsvTable:
    """CSV files in sorted order; comma, semicolon or tab, whichever the header line holds most of."""

    size: int | None = None
    """Not known: a cell may hold line ends."""
    notes: tuple[str, ...] = ()

    def __init__(self, path: str | None, base: Path) -> None:
        self.files = find_files(path, base, ENDINGS)
        for file in self.files:
            check_text(file)
        self._headers = {file: _header(file) for file in self.files}

    @cached_property
    def fingerprint(self) -> str:
        """Hash of names and contents."""
        return scan(self.files).digest

    @property
    def declared(self) -> Mapping[str, FieldType] | None:
        """Every column of every file, as text."""
        names = [name for header, _ in self._headers.values() for name in header]
        return dict.fromkeys(names, "text")

    def rows(self, start: int = 0) -> Iterator[Row | BadItem]:
        """Yield the rows from place ``start`` on. The number of a row is the line on which it ends."""
        passed = 0
        for file in self.files:
            try:
                for row in self._read(file):
                    if passed < start:
                        passed += 1
                    else:
                        yield row
            except READ_ERRORS as error:
                raise unreadable(file, error) from error

    def _read(self, file: Path) -> Iterator[Row | BadItem]:
        header, delimiter = self._headers[file]
        csv.field_size_limit(
            sys.maxsize
        )  # the module's own limit of 131,072 characters would refuse a long text
        with _open(file) as stream:
            reader = csv.reader(stream, delimiter=delimiter, strict=True)
            next(reader, None)
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield bad(f"not CSV: {error}", f"{file.name}:{reader.line_num}", "")
                    continue
                if cells:
                    yield _row(cells, header, file.name, reader.line_num)


def _open(file: Path) -> io.TextIOWrapper:
    # surrogateescape: bad bytes are told for the row in which they are, instead of ending the file
    return io.TextIOWrapper(open_bytes(file), encoding="utf-8-sig", errors="surrogateescape", newline="")


def _row(cells: list[str], header: tuple[str, ...], file: str, number: int) -> Row | BadItem:
    where = f"{file}:{number}"
    if len(cells) != len(header):
        return bad(f"{len(cells)} cells where the header has {len(header)}", where, repr(cells))
    if not all(map(_is_utf8, cells)):
        return bad("not UTF-8", where, repr(cells))
    return Row(dict(zip(header, cells, strict=True)), file, number)


def _is_utf8(cell: str) -> bool:
    return cell.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in cell)


def _header(file: Path) -> tuple[tuple[str, ...], str]:
    try:
        with _open(file) as stream:
            first = stream.readline()
            delimiter = max(",;\t", key=first.count)
            stream.seek(0)
            names = next(csv.reader(stream, delimiter=delimiter), [])
    except READ_ERRORS as error:
        raise unreadable(file, error) from error
    if not all(map(_is_utf8, names)):
        raise SetupError(
            "the header line is not UTF-8",
            where=f"{file.name}:1",
            got=shorten(first),
            next="save it as UTF-8; what a Japanese Excel saves as CSV is turned by: iconv -f cp932 -t utf-8",
        )
    named = tuple(name.strip() or f"column_{place}" for place, name in enumerate(names, 1))
    for name in named:
        if named.count(name) > 1:
            raise SetupError(
                "two columns have the same name", where=f"{file.name}:1", got=repr(name), next="rename one"
            )
    return named, delimiter
