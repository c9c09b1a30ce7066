"""A data set on the Hub, or a local folder in its layout, read row by row with ``datasets``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from tanemaki.config.schema import SourceSettings
from tanemaki.core.errors import SetupError, shorten
from tanemaki.core.record import FieldType
from tanemaki.core.seeding import hex_id
from tanemaki.core.source import BadItem
from tanemaki.sources.files import digest_of
from tanemaki.sources.rows import Row, bad, plain

_INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32")


class HubTable:
    """One split of a data set, streamed: nothing is downloaded that is not read.

    ``name`` is a repository or a local folder, which needs no network. Columns that are no JSON (images, sound) are left
    out, and said so.
    """

    def __init__(self, settings: SourceSettings, base: Path) -> None:
        name = settings.name or settings.path
        if not name:
            raise SetupError(
                "the source needs a name", where="source.name", next="a repository (owner/name) or a folder"
            )
        self._settings = settings
        folder = base / Path(name).expanduser()
        self.folder = folder if folder.is_dir() else None
        self.name = folder.name if self.folder else name
        self._table = _load(str(self.folder or name), settings)
        features: Mapping[str, Any] = getattr(self._table, "features", None) or {}
        left_out = sorted(column for column, feature in features.items() if feature_type(feature) is None)
        if left_out:
            self._table = self._table.remove_columns(left_out)
        self.declared: Mapping[str, FieldType] | None = _declared(features) if features else None
        self.notes = tuple(f"column {column!r} holds no text and is left out" for column in left_out)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the folder's files, or of the repository's commit."""
        if self.folder:
            shown = (
                file for file in self.folder.rglob("*") if file.is_file() and not file.name.startswith(".")
            )
            content = digest_of(sorted(shown))
        else:
            content = _commit(self.name, self._settings.revision)
        return hex_id(self.name, content, self._settings.config or "", self._settings.split)

    @property
    def size(self) -> int | None:
        """Number of rows, where the data set's card tells it."""
        split = (getattr(self._table.info, "splits", None) or {}).get(self._settings.split)
        return split.num_examples if split is not None and split.num_examples else None

    def rows(self, start: int = 0) -> Iterator[Row | BadItem]:
        """Yield the rows from place ``start`` on."""
        number = start
        try:
            for values in self._table.skip(start) if start else self._table:
                number += 1
                yield _row(values, self.name, number)
        except (OSError, ValueError) as error:
            raise _unreadable(self.name, error) from error


def _row(values: Mapping[str, object], name: str, number: int) -> Row | BadItem:
    try:
        return Row({column: plain(value) for column, value in values.items()}, name, number)
    except TypeError as error:
        return bad(str(error), f"{name}:{number}", repr(values))


def feature_type(feature: Any) -> FieldType | None:
    """Return the type of a field for a feature of ``datasets``; None for images, sound and the like."""
    if isinstance(feature, list):
        return _list_type(feature[0])
    if isinstance(feature, dict):
        return "json" if all(feature_type(part) for part in feature.values()) else None
    kind = type(feature).__name__
    if kind in ("List", "LargeList", "Sequence"):
        return _list_type(feature.feature)
    if kind == "ClassLabel":
        return "integer"
    if kind != "Value":
        return "json" if kind in ("Json", "Translation", "TranslationVariableLanguages") else None
    dtype: str = feature.dtype
    if dtype in ("string", "large_string", "string_view"):
        return "text"
    if dtype == "bool":
        return "boolean"
    if dtype in _INTEGERS:
        return "integer"
    if dtype.startswith("float"):
        return "number"
    return (
        "text"
        if dtype.startswith(("date", "time", "decimal", "duration", "binary", "large_binary"))
        else "json"
    )


def _list_type(part: Any) -> FieldType | None:
    inner = feature_type(part)
    if inner is None:
        return None
    if isinstance(part, dict) and {"role", "content"} <= part.keys():
        return "messages" if feature_type(part["role"]) == feature_type(part["content"]) == "text" else "json"
    return "texts" if inner == "text" and getattr(part, "dtype", "").endswith("string") else "json"


def _declared(features: Mapping[str, Any]) -> dict[str, FieldType]:
    kinds = {column: feature_type(feature) for column, feature in features.items()}
    return {column: kind for column, kind in kinds.items() if kind is not None}


def _load(name: str, settings: SourceSettings) -> Any:
    try:
        from datasets.exceptions import DatasetsError
        from datasets.load import load_dataset
    except ImportError as error:
        raise SetupError(
            "a source of kind hub needs the library datasets",
            where="source.kind",
            got="it is not installed",
            next='pip install "tanemaki[hub]", or use kind: parquet or jsonl with files',
        ) from error
    try:
        return load_dataset(
            name, settings.config, split=settings.split, revision=settings.revision, streaming=True
        )
    except (OSError, ValueError, DatasetsError) as error:
        raise _unreadable(name, error) from error


def _commit(name: str, revision: str | None) -> str:
    from huggingface_hub import HfApi

    try:
        return str(HfApi().dataset_info(name, revision=revision).sha)
    except OSError as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: Exception) -> SetupError:
    return SetupError(
        "the data set cannot be read",
        where=Path(name).name if Path(name).is_absolute() else name,
        got=shorten(str(error).splitlines()[0] if str(error) else type(error).__name__),
        next="check name, config, split and revision, and for a closed data set the token in HF_TOKEN",
    )
