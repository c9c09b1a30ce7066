"""Rows as JSON lines: for people, for ``grep``, and for trainers that want one of the older forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from tanemaki.core.errors import DataError, SetupError
from tanemaki.core.record import Json
from tanemaki.datasets.formats import training_rows
from tanemaki.datasets.spool import json_line

_BLOCK = 1000  # rows: as many as TRL takes at once when it takes pairs apart


class JsonlFile:
    """A file of JSON lines that is written row by row. Use it in a ``with`` block; it appears whole at :meth:`finish`.

    See :func:`write_jsonl` for what a line holds and what is raised.
    """

    def __init__(
        self,
        columns: Iterable[str],
        path: Path,
        *,
        form: str | None = None,
        language: Literal["ja", "en"] = "en",
        replace: bool = False,
    ) -> None:
        if path.exists() and not replace:
            raise SetupError(
                "the file is there already and is not overwritten",
                where=str(path),
                next="choose another name (--to), or replace it (--replace; in Python replace=True)",
            )
        self.path = path
        self._names = tuple(columns)
        self._form = form
        self._language: Literal["ja", "en"] = language
        self._part = path.with_name(f".{path.name}.part")
        self._n_rows = 0
        self._n_lines = 0
        self._held: list[bytes] = []

    def __enter__(self) -> Self:
        try:
            self._file = self._part.open("wb")
        except OSError as error:
            raise self._not_written(error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # closed before, or the disk is full: that was told
            self._file.close()
        self._part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise self._not_written(error) from error

    def add(self, row: Mapping[str, Json]) -> None:
        """Write one row as a line. Of a row that becomes two, the second follows those of the next thousand rows.

        So chosen and rejected answers to one prompt do not stand side by side in the form ``kto``: its trainer pairs a
        prompt with the completion of the next row to see what an unrelated answer is like.
        """
        first, *rest = _lines(row, self._names, self._form, self._language, self._n_rows)
        self._file.write(first)
        self._held += rest
        self._n_rows += 1
        self._n_lines += 1 + len(rest)
        if self._n_rows % _BLOCK == 0:
            self._write_held()

    def _write_held(self) -> None:
        self._file.writelines(self._held)
        self._held = []

    def finish(self) -> int:
        """Let the file appear, and return the number of its lines."""
        self._write_held()
        self._file.close()
        self._part.replace(self.path)
        return self._n_lines

    def _not_written(self, error: OSError) -> SetupError:
        return SetupError(
            "the dataset could not be written; nothing that was there is lost",
            where=str(self.path),
            got=str(error),
            next="make room or choose another folder, and export again: nothing is paid twice",
        )


def write_jsonl(
    rows: Iterable[Mapping[str, Json]],
    columns: Iterable[str],
    path: Path,
    *,
    form: str | None = None,
    language: Literal["ja", "en"] = "en",
    replace: bool = False,
) -> int:
    """Write the named columns of each row as one line (two in the form ``kto``), and return the number of lines.

    Every line has every column, null where a row lacks it; JSON values stand as they are, not as texts. With ``form`` the
    line is instead the row in one of :data:`~tanemaki.datasets.formats.FORMS`. The file appears whole or not at all. Raises
    ``SetupError`` if it is there (unless ``replace``) or cannot be written, ``DataError`` for a row that the form would
    not hold whole.
    """
    with JsonlFile(columns, path, form=form, language=language, replace=replace) as file:
        for row in rows:
            file.add(row)
        return file.finish()


def _lines(
    row: Mapping[str, Json],
    names: tuple[str, ...],
    form: str | None,
    language: Literal["ja", "en"],
    number: int,
) -> list[bytes]:
    if form is None:
        return [json_line(row, names)]
    try:
        shaped = training_rows(form, row, language)
    except DataError as error:
        raise DataError(
            error.what,
            where=f"row {number}",
            got=error.got,
            next=error.next or "export as jsonl, which keeps every column",
        ) from error
    return [json_line(one, one) for one in shaped]
