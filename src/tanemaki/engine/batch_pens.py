"""Requests that wait for others of their kind: each pen becomes one batch, or a part of a file that is carried by hand."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from tanemaki.core.batch import Batching
from tanemaki.core.errors import SetupError
from tanemaki.engine.batch_items import Item
from tanemaki.engine.bound import Bound


def _file() -> BinaryIO:
    return cast("BinaryIO", tempfile.TemporaryFile())


@dataclass(slots=True)
class Pen:
    """Requests of one role and path. Their lines lie in a file without a name, not in memory."""

    bound: Bound
    batching: Batching
    path: str
    began_s: float
    items: dict[int, Item] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    """Those that the journal has already: an earlier start wrote them into a file."""
    lines: BinaryIO = field(default_factory=_file)
    n_bytes: int = 0

    def add(self, item: Item, line: bytes) -> None:
        """Take a request in."""
        self.items[item.asked.send] = item
        self.lines.write(line)
        self.n_bytes += len(line)


def write_files(pens: Iterable[Pen]) -> dict[Path, int]:
    """Write the pens of roles that are asked by hand; return how many requests lie in each file.

    A file is replaced as a whole. Raises ``SetupError`` if one cannot be written, or is not ours to replace.
    """
    written: dict[Path, list[Pen]] = {}
    for pen in pens:
        if pen.batching.file is not None:
            written.setdefault(pen.batching.file.to, []).append(pen)
    for path, its_pens in written.items():
        _write(path, its_pens)
    return {path: sum(len(pen.items) for pen in its_pens) for path, its_pens in written.items()}


def check_replaceable(path: Path) -> None:
    """Raise ``SetupError`` if a file is there that holds no requests: nothing of the user's is overwritten."""
    if path.is_dir():
        raise SetupError(
            "the file of requests is a folder", where=str(path), next="name a file: --to requests.jsonl"
        )
    if not path.exists() or not path.stat().st_size:
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        first = file.readline()
    try:
        is_ours = "custom_id" in json.loads(first)
    except (ValueError, TypeError):
        is_ours = False
    if not is_ours:
        raise SetupError(
            "a file that holds no requests would be overwritten",
            where=str(path),
            next="name another file with --to",
        )


def _write(path: Path, pens: Iterable[Pen]) -> None:
    check_replaceable(path)
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            for pen in pens:
                pen.lines.seek(0)
                shutil.copyfileobj(pen.lines, file)
        part.replace(path)
    except OSError as error:
        raise SetupError("the requests cannot be written", where=str(path), got=str(error)) from error
