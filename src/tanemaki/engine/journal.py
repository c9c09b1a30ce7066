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
``batches``     batch file, in its newest state; see ``batch_rows``
``batch_calls`` request that lies in a batch file, with its body
``rows``        record that ended: accepted, rejected, failed, ``parent`` (became its children), ``merged`` (into a group)
==============  =====================================================================================================
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any

from tanemaki.core.errors import SetupError
from tanemaki.engine.opening import Mark, as_setup_error, lock_folder, open_journal

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
CREATE TABLE IF NOT EXISTS batches (id INTEGER PRIMARY KEY, key TEXT NOT NULL, role TEXT NOT NULL, path TEXT NOT NULL,
    n_requests INTEGER NOT NULL, state TEXT NOT NULL, remote TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS batch_calls (send INTEGER PRIMARY KEY, batch INTEGER NOT NULL, root INTEGER NOT NULL,
    path TEXT NOT NULL, record TEXT NOT NULL, step TEXT NOT NULL, place INTEGER NOT NULL, sample INTEGER NOT NULL,
    hash TEXT NOT NULL, role TEXT NOT NULL, model TEXT NOT NULL, max_tokens INTEGER, n INTEGER NOT NULL,
    attempt INTEGER NOT NULL, request TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS batch_calls_by_batch ON batch_calls (batch);
CREATE TABLE IF NOT EXISTS closures (id INTEGER PRIMARY KEY, plan INTEGER NOT NULL, root INTEGER NOT NULL,
    accepted INTEGER NOT NULL, rejected INTEGER NOT NULL, failed INTEGER NOT NULL, rows INTEGER NOT NULL,
    before_send INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS closures_by_root ON closures (plan, root);
CREATE TABLE IF NOT EXISTS rows (id INTEGER PRIMARY KEY, closure INTEGER NOT NULL, root INTEGER NOT NULL, path TEXT NOT NULL,
    record TEXT NOT NULL, status TEXT NOT NULL, step TEXT, reason TEXT, measured TEXT, at_limit TEXT, note TEXT,
    fields TEXT NOT NULL, sources TEXT NOT NULL, lineage TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS rows_by_closure ON rows (closure);
CREATE INDEX IF NOT EXISTS rows_by_reason ON rows (reason) WHERE reason IS NOT NULL;
"""

GROUP_GAP_S = 0.02
"""Shortest time between two commits; a first row after a quiet time is committed at once."""

_INSERT = {
    "meta": "INSERT OR REPLACE INTO meta VALUES (?,?)",
    "sends": "INSERT INTO sends VALUES (?,?,?,?)",
    "settled": "INSERT OR REPLACE INTO settled VALUES (?,?,?,?)",
    "calls": "INSERT INTO calls VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    "faults": "INSERT INTO faults VALUES (NULL,?,?,?,?,?,?,?,?,?,?)",
    "batches": "INSERT OR REPLACE INTO batches VALUES (?,?,?,?,?,?,?,?)",
    "batch_calls": "INSERT INTO batch_calls VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    "closures": "INSERT INTO closures VALUES (?,?,?,?,?,?,?,?)",
    "rows": "INSERT INTO rows VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?,?,?)",
}


TOGETHER = 32
"""Rows that one statement inserts: after each statement the interpreter's lock changes hands."""


def _together(statement: str) -> str:
    head, values, row = statement.partition("VALUES ")
    return head + values + ",".join([row] * TOGETHER)


_INSERT_TOGETHER = {table: _together(statement) for table, statement in _INSERT.items()}

Waiters = list[asyncio.Future[None]]


class Journal:
    """The only writer of a run's ``journal.sqlite``.

    Raises ``SetupError`` if another process has the run open, or if the file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.sqlite"
        self._lock = lock_folder(folder)
        self._mark = Mark(self.path)
        try:
            self._db, self.lost = open_journal(self.path, SCHEMA, self._mark)
        except SetupError:
            self._lock.close()
            raise
        self._pending: dict[str, list[Sequence[Any]]] = {table: [] for table in _INSERT}
        self._group: Waiters | None = None
        """Who waits for the rows that are queued; None while there are none."""
        self._committing: Waiters | None = None
        self._writer: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._failure: Exception | None = None
        self._next_send = self._highest("sends") + 1
        self._next_closure = self._highest("closures") + 1
        self._next_batch = self._highest("batches") + 1
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
        # the order of the starts, also where the clock was set back
        last = self._db.execute("SELECT coalesce(max(at), 0) FROM plans").fetchone()[0]
        at = max(time.time(), last + 0.001)
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
            raise as_setup_error(error, self.path) from error

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

    def next_batch(self) -> int:
        """Return a fresh id for a batch file."""
        self._next_batch += 1
        return self._next_batch - 1

    @property
    def is_idle(self) -> bool:
        """Nothing is queued, and nothing is being written."""
        return self._group is None and self._committing is None

    def put(self, table: str, row: Sequence[Any]) -> None:
        """Queue a row. Raises what stopped the journal, if anything did."""
        if self._failure:
            raise self._failure
        self._pending[table].append(row)
        if self._group is None:
            self._group = []
            if self._writer is None or self._writer.done():
                self._writer = asyncio.get_running_loop().create_task(self._write())

    async def durable(self) -> None:
        """Wait until everything queued so far is on the disk."""
        if self._failure:
            raise self._failure
        group = self._committing if self._group is None else self._group
        if group is not None:
            waiter = asyncio.get_running_loop().create_future()
            group.append(waiter)
            await waiter

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while (taken := self._take_group()) is not None:
            group, batch = taken
            started = loop.time()
            try:
                await loop.run_in_executor(self._thread, self._commit, batch)
            except (sqlite3.Error, ValueError, TypeError, OverflowError) as error:
                self._fail(
                    as_setup_error(error, self.path) if isinstance(error, sqlite3.Error) else error, group
                )
                return
            self._committing = None
            for waiter in group:
                if not waiter.done():
                    waiter.set_result(None)
            if self._group is not None:
                await asyncio.sleep(max(0.0, GROUP_GAP_S - (loop.time() - started)))

    def _take_group(self) -> tuple[Waiters, dict[str, list[Sequence[Any]]]] | None:
        if self._group is None:
            return None
        group, self._group = self._group, None
        self._committing = group
        batch, self._pending = self._pending, {table: [] for table in _INSERT}
        return group, batch

    def _fail(self, failure: Exception, group: Waiters) -> None:
        """Nothing can be written any more: whoever waits, and every later put(), raises it."""
        self._failure = failure
        for waiter in [*group, *(self._group or ())]:
            if not waiter.done():
                waiter.set_exception(failure)

    def _commit(self, batch: dict[str, list[Sequence[Any]]]) -> None:
        try:
            self._insert(batch)
        except UnicodeEncodeError:  # half a surrogate pair in a message or a note, which no file can hold
            self._insert(
                {table: [[_writable(cell) for cell in row] for row in rows] for table, rows in batch.items()}
            )
        self._mark.commit(self._db)
        self.n_commits += 1

    def _insert(self, batch: Mapping[str, Sequence[Sequence[Any]]]) -> None:
        with self._db:
            for table, rows in batch.items():
                n_whole = len(rows) - len(rows) % TOGETHER
                for at in range(0, n_whole, TOGETHER):
                    cells = list(chain.from_iterable(rows[at : at + TOGETHER]))
                    self._db.execute(_INSERT_TOGETHER[table], cells)
                if n_whole < len(rows):
                    self._db.executemany(_INSERT[table], rows[n_whole:])

    async def close(self) -> None:
        """Write what is queued and give the run free. Raises what stopped the journal, if anything did."""
        try:
            if self._writer is not None:
                await self._writer
        finally:
            self._thread.shutdown(wait=True)
            self._db.close()
            self._mark.close()
            self._lock.close()
        if self._failure:
            raise self._failure


def _writable(cell: Any) -> Any:
    return cell.encode("utf-8", "replace").decode() if isinstance(cell, str) else cell
