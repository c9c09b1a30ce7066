"""Short ways to open a source in a test and to look at its items."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tanemaki.config.schema import SourceSettings
from tanemaki.core.record import Json
from tanemaki.core.source import BadItem, Item, Source
from tanemaki.sources import open_source


def opened(base: Path, kind: str, **settings: Any) -> Source:
    """Open a source whose paths are relative to ``base``."""
    return open_source(SourceSettings.model_validate({"kind": kind, **settings}), "ja", 0, base)


def fields_of(source: Source, start: int = 0) -> list[dict[str, Json]]:
    """Return the fields of every readable item."""
    return [dict(item.fields) for item in source.items(start) if isinstance(item, Item)]


def bad_of(source: Source, start: int = 0) -> list[BadItem]:
    """Return the rows that could not be read."""
    return [item for item in source.items(start) if isinstance(item, BadItem)]


def notes_of(source: Source) -> str:
    """Return what the source tells its user."""
    return "\n".join(getattr(source, "notes", ()))


def write_lines(path: Path, rows: Iterable[Json | bytes]) -> Path:
    """Write one line a row: bytes as they are, anything else as JSON."""
    lines = [row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode() for row in rows]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path
