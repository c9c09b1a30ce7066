"""A set made elsewhere as it lies on the disk: its file or folder, the form of its rows, and each row with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from tanemaki.core.errors import DataError, SetupError
from tanemaki.core.source import BadItem
from tanemaki.judge.sets.forms import Form, find_form
from tanemaki.sources.csv_table import ENDINGS as CSV
from tanemaki.sources.csv_table import CsvTable
from tanemaki.sources.jsonl import ENDINGS as JSONL
from tanemaki.sources.jsonl import JsonLines
from tanemaki.sources.parquet import ParquetTable
from tanemaki.sources.rows import Reader, Row

FIRST_ROWS = 200
"""Rows that tell the form, as many as vote on a source's shape."""
Cells = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Set:
    """A set with its form."""

    path: Path
    form: Form
    reader: Reader
    columns: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the words of its labels mean, where the user told."""

    def rows(self) -> Iterator[tuple[str, Cells | None, dict[str, Any] | str]]:
        """Yield for each row its place, its cells, and it as a judge takes it; for one that cannot be read None and why."""
        for row in self.reader.rows():
            if isinstance(row, BadItem):
                yield row.where, None, row.message
                continue
            try:
                yield row.where, row.values, self.form.read(row.values)
            except DataError as error:
                yield row.where, None, error.what + (f", got {error.got}" if error.got else "")


def open_set(path: Path, told: Mapping[str, str], words: Mapping[str, str]) -> Set:
    """Return a JSONL, CSV or Parquet file, or the folder of a run or a dataset, with the form of its rows.

    ``told`` are columns by what they hold, ``words`` what the labels mean. Raises ``SetupError`` where there is no such
    file, no row, or no form that is known.
    """
    reader = reader_of(path)
    first = [row.values for row in islice(reader.rows(), FIRST_ROWS) if isinstance(row, Row)]
    columns = list(dict.fromkeys([*(reader.declared or ()), *(name for row in first for name in row)]))
    if not first:
        raise SetupError("the file holds no row that can be read", where=str(path), next="check the file")
    return Set(path, find_form(first, columns, told=told, words=words), reader, tuple(columns), words)


def reader_of(path: Path) -> Reader:
    """Return what reads the rows of a file, or of the folder of a run or a dataset, by the names of the files."""
    inner = path / "data" if (path / "data").is_dir() else path
    names = [one.name for one in inner.rglob("*")] if inner.is_dir() else [path.name]
    if any(name.endswith(".parquet") for name in names):
        return ParquetTable(str(inner.absolute()), Path())
    if any(name.endswith(tuple(CSV)) for name in names):
        return CsvTable(str(inner.absolute()), Path())
    if inner.is_file() and not inner.name.endswith(tuple(JSONL)):
        raise SetupError(
            "the kind of file is not known by its name",
            where=str(path),
            got=repr(path.name),
            next="a set is JSONL, CSV, TSV or Parquet, or the folder of a run: let the name end so",
        )
    return JsonLines(str(inner.absolute()), Path())
