"""Replies that were carried by hand: read from a file into the journal of the run that asked for them."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tanemaki.config.resolved import read_resolved
from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import ModelError, SetupError, shorten
from tanemaki.core.model import Reply
from tanemaki.core.record import Json
from tanemaki.engine.batch_items import charge_of
from tanemaki.engine.batch_rows import (
    Asked,
    batches_out,
    is_settled,
    open_requests,
    put_fault,
    put_reply,
    request_of,
    send_of,
)
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import FREE, Prices, Spend, actual
from tanemaki.engine.opening import connect
from tanemaki.engine.retries import POLICIES
from tanemaki.models.batch import read_line
from tanemaki.models.faults import Asked as Answerer
from tanemaki.run.folder import open_to_read
from tanemaki.run.look import is_made_of_objects

_ROWS_AT_ONCE = 1000


@dataclass(slots=True)
class Imported:
    """What became of the lines of a file of replies; every line is counted once."""

    taken: int = 0
    """Replies that are in the journal now."""
    again: int = 0
    """Requests that failed in a way that another try may mend: the next export holds them again."""
    failed: int = 0
    """Requests that failed for good: their rows will."""
    twice: int = 0
    """Replies that the run had before."""
    foreign: int = 0
    """Replies to what another run asked, or this one before it was begun anew."""
    unknown: int = 0
    """Lines whose ``custom_id`` is none of Tanemaki's, or that have none."""
    broken: int = 0
    """Lines that are no JSON objects."""
    left: int = 0
    """Requests of files that have no reply yet."""
    first_broken: str | None = None
    """Where the first broken line stands, and what it is."""
    lost: str | None = None
    """What the journal had lost when it was opened, in a sentence; None if nothing."""

    def to_json(self) -> dict[str, Any]:
        """Return the figures for machines."""
        return asdict(self)


def import_replies(folder: Path, path: Path) -> Imported:
    """Read replies into the journal of the run in ``folder``; each is durable when this returns.

    The file is what ``vllm run-batch`` and batch services write: a line for each request, in any order. Lines that were read
    before are passed over, so a file may be read again, or while it still grows. Raises ``SetupError`` if no run lies there,
    another process works on it, or the file cannot be read or holds requests.
    """
    open_to_read(folder).close()
    if not path.is_file():
        raise SetupError(
            "no file of replies lies here", where=str(path), next="give the file that was answered"
        )
    return asyncio.run(_import(folder, path))


async def _import(folder: Path, path: Path) -> Imported:
    journal = Journal(folder)
    try:
        with closing(connect(journal.path, read_only=True)) as db:
            desk = _Desk(journal, db, _settings(folder), path)
            desk.done.lost = journal.lost
            for number, (where, line) in enumerate(_lines(path), start=1):
                desk.take(where, line)
                if number % _ROWS_AT_ONCE == 0:
                    await journal.durable()
            await journal.durable()
            desk.done.left = sum(
                1 for batch in batches_out(db) if batch.state == "file" for _ in open_requests(db, batch.id)
            )
            return desk.done
    finally:
        await journal.close()


def _settings(folder: Path) -> Mapping[str, ModelSettings]:
    """Return the settings of the run's models; none for a run that was made of Python objects."""
    path = folder / "run.yaml"
    return {} if is_made_of_objects(path) else read_resolved(path)[0].models


class _Desk:
    """Takes one line after the other."""

    def __init__(
        self, journal: Journal, db: sqlite3.Connection, settings: Mapping[str, ModelSettings], path: Path
    ) -> None:
        self._journal = journal
        self._db = db
        self._settings = settings
        self._path = path
        self._seen: set[int] = set()
        self.done = Imported()

    def take(self, where: str, line: Mapping[str, Json] | str) -> None:
        """Journal what a line says, and count it."""
        done = self.done
        if isinstance(line, str):
            done.broken += 1
            done.first_broken = done.first_broken or f"{where}: {line}"
            return
        if "body" in line and "response" not in line and "error" not in line:
            raise SetupError(
                "this is a file of requests, not of replies",
                where=where,
                next="have it answered first, and give the file that came back",
            )
        named = send_of(line.get("custom_id"))
        if named is None:
            done.unknown += 1
            return
        found = request_of(self._db, named[0])
        if found is None or found[0].hash != named[1]:
            done.foreign += 1
            return
        asked, body = found
        if asked.send in self._seen or is_settled(self._db, asked.send):
            done.twice += 1
            return
        outcome = read_line(line, Answerer(asked.role, asked.model, str(self._path.name)), asked.n)
        if isinstance(outcome, Reply):
            self._seen.add(asked.send)
            spent = actual(outcome.usage, self._worst(asked), self._prices(asked.role))
            put_reply(self._journal, asked, outcome, body=body, latency_s=0.0, spent=spent)
            done.taken += 1
        else:
            self._fail(asked, outcome)

    def _fail(self, asked: Asked, error: ModelError | None) -> None:
        """Note a request that failed, as its end: what is asked again is asked under a new name."""
        if error is None:  # never worked on: it stays open, and the next export holds it as it is
            self.done.again += 1
            return
        self._seen.add(asked.send)
        put_fault(self._journal, asked, error, charge_of(error, self._worst(asked)))
        settings = self._settings.get(asked.role)
        most = POLICIES[error.fault].tries
        most = most if settings is None else min(most, settings.retries)
        if error.retryable and asked.attempt <= most:
            self.done.again += 1
        else:
            self.done.failed += 1

    def _worst(self, asked: Asked) -> Spend:
        row = self._db.execute(
            "SELECT worst_tokens, worst_usd FROM sends WHERE id = ?", (asked.send,)
        ).fetchone()
        return Spend(1, *row)

    def _prices(self, role: str) -> Prices:
        settings = self._settings.get(role)
        price = settings.price if settings is not None else None
        return FREE if price is None else Prices(price.input, price.output)


def _lines(path: Path) -> Iterator[tuple[str, Mapping[str, Json] | str]]:
    """Yield every line that is not empty with its place; as a text where it is no JSON object."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            if raw.strip():
                yield f"{path}:{number}", _object(raw)


def _object(raw: bytes) -> Mapping[str, Json] | str:
    text = raw.decode("utf-8", "replace").strip("\ufeff \r\n\t")
    try:
        read = json.loads(text)
    except ValueError:
        return shorten(text, 100)
    return read if isinstance(read, dict) else shorten(text, 100)
