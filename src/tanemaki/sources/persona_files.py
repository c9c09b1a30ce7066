"""Published sets of personas, read from their files.

Source: "Scaling Synthetic Data Creation with 1,000,000,000 Personas" (arXiv 2406.20094) for the files of Persona Hub, and
the FinePersonas data set. Differs: only their forms are read, no rows come with Tanemaki; their licences are the user's to
name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tanemaki.config.schema import SourceSettings
from tanemaki.core.errors import DataError, SetupError, shorten
from tanemaki.core.record import FieldType, Json
from tanemaki.sources.csv_table import CsvTable
from tanemaki.sources.jsonl import JsonLines, parse
from tanemaki.sources.parquet import ParquetTable
from tanemaki.sources.rows import Reader
from tanemaki.sources.shapes import Shape


def finepersonas(rows: Sequence[Mapping[str, Json]], columns: Sequence[str]) -> Shape | None:
    """Return the shape of FinePersonas: ``persona``, and ``labels``, a JSON list in a text, which becomes a list of texts.

    Raises ``SetupError`` if there are rows without these columns.
    """
    if not rows:
        return None
    _check("finepersonas", ("persona",), columns)
    fields: dict[str, FieldType] = {"persona": "text"}
    if "labels" in columns:
        fields["labels"] = "texts"

    def read(values: Mapping[str, Json]) -> dict[str, Json]:
        read: dict[str, Json] = {"persona": _text(values, "persona")}
        if "labels" in fields:
            read["labels"] = read_labels(values.get("labels"))
        return read

    return Shape("finepersonas", {name: name for name in fields}, fields, read)


def read_labels(value: Json) -> list[str]:
    """Return the labels that a cell holds; none for an empty cell. Raises ``DataError`` for anything but a list of texts.

    >>> read_labels('["和菓子", "京都"]')
    ['和菓子', '京都']
    """
    labels = value
    if isinstance(value, str):
        try:
            labels = parse(value.encode("utf-8", "surrogatepass"))
        except ValueError as error:
            raise DataError("the labels are not a JSON list", got=shorten(value)) from error
    if labels is None:
        return []
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise DataError("the labels are not a list of texts", got=shorten(value))
    return labels


def persona_hub(rows: Sequence[Mapping[str, Json]], columns: Sequence[str]) -> Shape | None:
    """Return the shape of Persona Hub: ``persona`` (or ``input persona``), and ``synthesized text`` as ``text``.

    Raises ``SetupError`` if there are rows without a persona.
    """
    if not rows:
        return None
    column = next((name for name in ("persona", "input persona") if name in columns), None)
    if column is None:
        _check("persona_hub", ("persona",), columns)
    sources = {"persona": column or "persona"}
    if "synthesized text" in columns:
        sources["text"] = "synthesized text"
    return Shape("persona_hub", sources, dict.fromkeys(sources, "text"), _texts(sources))


def _texts(sources: Mapping[str, str]) -> Callable[[Mapping[str, Json]], dict[str, Json]]:
    def read(values: Mapping[str, Json]) -> dict[str, Json]:
        return {field: _text(values, column) for field, column in sources.items()}

    return read


def _text(values: Mapping[str, Json], column: str) -> str:
    value = values.get(column)
    if not isinstance(value, str) or not value.strip():
        raise DataError(f"the column {column!r} must hold a text", got=shorten(value))
    return value


def reader_of(settings: SourceSettings, base: Path) -> Reader:
    """Return the reader for the files in which the personas lie, by their ending; JSON lines if none tells."""
    folder = base / (settings.path or "")
    is_parquet = (
        next(folder.rglob("*.parquet"), None) is not None if folder.is_dir() else folder.suffix == ".parquet"
    )
    if is_parquet:
        return ParquetTable(settings.path, base)
    return (
        CsvTable(settings.path, base) if folder.suffix in (".csv", ".tsv") else JsonLines(settings.path, base)
    )


def _check(kind: str, needed: Sequence[str], columns: Sequence[str]) -> None:
    lacking = [name for name in needed if name not in columns]
    if lacking:
        raise SetupError(
            f"rows of {kind} have a column {lacking[0]!r}",
            where="source.kind",
            got=f"columns: {shorten(list(columns))}",
            next=f"say which column holds it (source.map: {{{lacking[0]}: …}}), or choose another kind",
        )
