"""Rows as JSON lines: for people, for ``grep``, and for trainers that want one of the older forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from tanemaki.core.errors import DataError, SetupError
from tanemaki.core.record import Json
from tanemaki.datasets.formats import training_row
from tanemaki.datasets.spool import json_line


def write_jsonl(
    rows: Iterable[Mapping[str, Json]],
    columns: Iterable[str],
    path: Path,
    *,
    form: str | None = None,
    language: Literal["ja", "en"] = "en",
    replace: bool = False,
) -> int:
    """Write the named columns of each row as one line, and return the number of lines.

    Every line has every column, null where a row lacks it; JSON values stand as they are, not as texts. With ``form`` the
    line is instead the row in one of :data:`~tanemaki.datasets.formats.FORMS`. The file appears whole or not at all. Raises
    ``SetupError`` if it is there (unless ``replace``) or cannot be written, ``DataError`` for a row that the form would
    not hold whole.
    """
    if path.exists() and not replace:
        raise SetupError(
            "the file is there already and is not overwritten",
            where=str(path),
            next="choose another name, or say that it is to be replaced",
        )
    names = tuple(columns)
    part = path.with_name(f".{path.name}.part")
    n_rows = 0
    try:
        with part.open("wb") as file:
            for row in rows:
                file.write(_line(row, names, form, language, n_rows))
                n_rows += 1
        part.replace(path)
    except OSError as error:
        raise SetupError(
            "the dataset could not be written; nothing that was there is lost",
            where=str(path),
            got=str(error),
            next="make room or choose another folder, and export again: nothing is paid twice",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return n_rows


def _line(
    row: Mapping[str, Json],
    names: tuple[str, ...],
    form: str | None,
    language: Literal["ja", "en"],
    number: int,
) -> bytes:
    if form is None:
        return json_line(row, names)
    try:
        shaped = training_row(form, row, language)
    except DataError as error:
        raise DataError(
            error.what, where=f"row {number}", got=error.got, next="export as messages"
        ) from error
    return json_line(shaped, shaped)
