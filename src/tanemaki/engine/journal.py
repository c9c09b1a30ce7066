"""The journal: the durable record of every reply and every verdict of a run. One SQLite file in WAL mode.

Append-only, integer row ids: a call is addressed by (root, path, step, place, sample), the content hash is a column.
Rows are queued and written by one thread in groups, with a full sync per group; whoever must not go on before its row is
durable waits for the group's commit, so that a reply which any later step has seen is in the file (promise 2).

==============  =====================================================================================================
table           one row per
==============  =====================================================================================================
``meta``        fact about the run (recipe, seed, source …)
``plans``       set of steps, prompts and models that the run was ever started with
``sends``       request about to be sent, with its worst case; narrow
``settled``     request that came to an end, with what it really cost; narrow
``calls``       reply, with the request as sent
``faults``      try that failed, with its class
``closures``    root whose records have all ended; the newest one of a root counts
``rows``        record that ended: accepted, rejected, failed, ``parent`` (became its children), ``merged`` (into a group)
==============  =====================================================================================================
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

from tanemaki.core.errors import SetupError

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS plans (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL, parts TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS sends (id INTEGER PRIMARY KEY, root INTEGER NOT NULL, worst_tokens INTEGER NOT NULL,
    worst_usd REAL NOT NULL);
CREATE TABLE IF NOT EXISTS settled (send INTEGER PRIMARY KEY, prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL, usd REAL NOT NULL);
CREATE TABLE IF NOT EXISTS calls (id INTEGER PRIMARY KEY, send INTEGER NOT NULL, root INTEGER NOT NULL, path TEXT NOT NULL,
    record TEXT NOT NULL, step TEXT NOT NULL, place INTEGER NOT NULL, sample INTEGER NOT NULL, hash TEXT NOT NULL,
    role TEXT NOT NULL, model TEXT NOT NULL, max_tokens INTEGER, attempt INTEGER NOT NULL, latency_s REAL NOT NULL,
    at REAL NOT NULL, request TEXT NOT NULL, reply TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS calls_by_root ON calls (root);
CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY, send INTEGER NOT NULL, root INTEGER NOT NULL, path TEXT NOT NULL,
    step TEXT NOT NULL, place INTEGER NOT NULL, sample INTEGER NOT NULL, attempt INTEGER NOT NULL, fault TEXT NOT NULL,
    message TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS faults_by_root ON faults (root);
CREATE TABLE IF NOT EXISTS closures (id INTEGER PRIMARY KEY, plan INTEGER NOT NULL, root INTEGER NOT NULL,
    accepted INTEGER NOT NULL, rejected INTEGER NOT NULL, failed INTEGER NOT NULL, rows INTEGER NOT NULL,
    before_send INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS closures_by_root ON closures (plan, root);
CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, closure INTEGER NOT NULL, root INTEGER NOT NULL, path TEXT NOT NULL,
    record TEXT NOT NULL, status TEXT NOT NULL, step TEXT, reason TEXT, measured TEXT, at_limit TEXT, note TEXT,
    fields TEXT NOT NULL, sources TEXT NOT NULL, lineage TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS rows_by_closure ON rows (closure);
CREATE INDEX IF NOT EXISTS rows_by_reason ON rows (status, step, reason);
"""

GROUP_GAP_S = 0.02
"""Shortest time between two commits; a first row after a quiet time is committed at once."""

_INSERT = {
    "sends": "INSERT INTO sends VALUES (?,?,?,?)",
    "settled": "INSERT OR REPLACE INTO settled VALUES (?,?,?,?)",
    "calls": "INSERT INTO calls VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    "faults": "INSERT INTO faults VALUES (NULL,?,?,?,?,?,?,?,?,?,?)",
    "closures": "INSERT INTO closures VALUES (?,?,?,?,?,?,?,?)",
    "rows": "INSERT INTO rows VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?,?,?)",
}


class Journal:
    """The only writer of a run's ``journal.sqlite``.

    Raises ``SetupError`` if another process has the run open, or if the file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.sqlite"
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock_folder(folder)
        try:
            self._db = connect(self.path)
            self._db.executescript(SCHEMA)
        except sqlite3.Error as error:
            self._lock.close()
            raise _as_setup_error(error, self.path) from error
        self._pending: dict[str, list[Sequence[Any]]] = {table: [] for table in _INSERT}
        self._group: asyncio.Future[None] | None = None
        self._committing: asyncio.Future[None] | None = None
        self._writer: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._failure: Exception | None = None
        self._next_send = self._highest("sends") + 1
        self._next_closure = self._highest("closures") + 1
        self.n_commits = 0

    def _highest(self, table: str) -> int:
        return int(self._db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])

    def meta(self) -> dict[str, str]:
        """Return the facts about the run; empty for a new one."""
        return dict(self._db.execute("SELECT key, value FROM meta"))

    def set_meta(self, facts: dict[str, str]) -> None:
        """Write facts at once."""
        self._at_once("INSERT OR REPLACE INTO meta VALUES (?,?)", list(facts.items()))

    def last_plan(self) -> tuple[int, str, str] | None:
        """Return id, fingerprint and parts of the plan that the run was last started with."""
        row = self._db.execute(
            "SELECT id, fingerprint, parts FROM plans ORDER BY at DESC, id DESC LIMIT 1"
        ).fetchone()
        return tuple(row) if row else None

    def open_plan(self, fingerprint: str, parts: str) -> int:
        """Return the id of the plan with this fingerprint, a new one if the run never had it."""
        row = self._db.execute("SELECT id FROM plans WHERE fingerprint = ?", (fingerprint,)).fetchone()
        at = time.time()
        if row:
            self._at_once("UPDATE plans SET at = ? WHERE id = ?", [(at, row[0])])
            return int(row[0])
        self._at_once("INSERT INTO plans VALUES (NULL,?,?,?)", [(fingerprint, parts, at)])
        return self._highest("plans")

    def _at_once(self, statement: str, rows: Sequence[Sequence[Any]]) -> None:
        try:
            with self._db:
                self._db.executemany(statement, rows)
        except sqlite3.Error as error:
            raise _as_setup_error(error, self.path) from error

    def next_send(self) -> int:
        """Return a fresh id for a request about to be sent."""
        self._next_send += 1
        return self._next_send - 1

    @property
    def upcoming_send(self) -> int:
        """The id that the next request will have: what a closure rests on has lower ones."""
        return self._next_send

    def next_closure(self) -> int:
        """Return a fresh id for a closure."""
        self._next_closure += 1
        return self._next_closure - 1

    def put(self, table: str, row: Sequence[Any]) -> None:
        """Queue a row. Raises what stopped the journal, if anything did."""
        if self._failure:
            raise self._failure
        self._pending[table].append(row)
        if self._group is None:
            loop = asyncio.get_running_loop()
            self._group = loop.create_future()
            if self._writer is None or self._writer.done():
                self._writer = loop.create_task(self._write())

    async def durable(self) -> None:
        """Wait until everything queued so far is on the disk."""
        if self._failure:
            raise self._failure
        if self._group is not None:
            await asyncio.shield(self._group)
        elif self._committing is not None:
            await asyncio.shield(self._committing)

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while (taken := self._take_group()) is not None:
            group, batch = taken
            started = loop.time()
            try:
                await loop.run_in_executor(self._thread, self._commit, batch)
            except (sqlite3.Error, ValueError, TypeError, OverflowError) as error:
                self._fail(
                    _as_setup_error(error, self.path) if isinstance(error, sqlite3.Error) else error, group
                )
                return
            group.set_result(None)
            self._committing = None
            if self._group is not None:
                await asyncio.sleep(max(0.0, GROUP_GAP_S - (loop.time() - started)))

    def _take_group(self) -> tuple[asyncio.Future[None], dict[str, list[Sequence[Any]]]] | None:
        if self._group is None:
            return None
        group, self._group = self._group, None
        self._committing = group
        batch, self._pending = self._pending, {table: [] for table in _INSERT}
        return group, batch

    def _fail(self, failure: Exception, group: asyncio.Future[None]) -> None:
        """Nothing can be written any more: whoever waits, and every later put(), raises it."""
        self._failure = failure
        for waited in (group, self._group):
            if waited is not None:
                waited.set_exception(failure)
                waited.exception()  # seen, also where nobody waits

    def _commit(self, batch: dict[str, list[Sequence[Any]]]) -> None:
        try:
            self._insert(batch)
        except UnicodeEncodeError:  # half a surrogate pair in a message or a note, which no file can hold
            self._insert(
                {table: [[_writable(cell) for cell in row] for row in rows] for table, rows in batch.items()}
            )
        self.n_commits += 1

    def _insert(self, batch: Mapping[str, Sequence[Sequence[Any]]]) -> None:
        with self._db:
            for table, rows in batch.items():
                if rows:
                    self._db.executemany(_INSERT[table], rows)

    async def close(self) -> None:
        """Write what is queued and give the run free. Raises what stopped the journal, if anything did."""
        try:
            if self._writer is not None:
                await self._writer
        finally:
            self._thread.shutdown(wait=True)
            self._db.close()
            self._lock.close()
        if self._failure:
            raise self._failure


def _writable(cell: Any) -> Any:
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a journal. A reader sees every committed group, also while a run goes on."""
    if read_only:
        db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        db.execute("PRAGMA query_only=ON")
        return db
    db = sqlite3.connect(path, check_same_thread=False, timeout=10)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA wal_autocheckpoint=4000")
    return db


def _as_setup_error(error: sqlite3.Error, path: Path) -> SetupError:
    said = str(error)
    if "full" in said:
        return SetupError(
            "the disk is full: the run stopped, and nothing that was paid for is lost",
            where=str(path),
            got=said,
            next="make room, then start the same run again: it goes on where it stopped",
        )
    if "readonly" in said or "unable to open" in said:
        return SetupError(
            "the run's journal cannot be written", where=str(path), got=said, next="choose another output"
        )
    return SetupError(
        "the run's journal cannot be used",
        where=str(path),
        got=said,
        next="choose another output folder; the file is left as it is",
    )


def _lock_folder(folder: Path) -> IO[str]:
    """Hold ``run.lock`` as long as this process lives; a kill gives it back."""
    path = folder / "run.lock"
    try:
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise SetupError(
            "the output folder cannot be written",
            where=str(folder),
            got=str(error),
            next="choose another output",
        ) from error
    try:
        _lock_soon(file)
    except OSError as error:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise SetupError(
            "another process is working on this run",
            where=str(folder),
            got=f"process {holder}",
            next=f"wait for it, stop process {holder}, or choose another output; `tanemaki status {folder}` shows it",
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _lock_soon(file: IO[str]) -> None:
    """Lock the file; ``status`` may hold it for an instant to see whether a run goes on."""
    for _ in range(4):
        try:
            return _lock_file(file)
        except OSError:
            time.sleep(0.05)
    return _lock_file(file)


def _lock_file(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
