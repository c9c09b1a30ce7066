"""Opening a journal: one process at a time, what a power loss took is told, and a damaged file is left as it is.

Beside the journal lies ``journal.mark``: how much the journal held at its last commit. SQLite takes a write-ahead file
that was cut for one that ends there, and says nothing; the mark is the witness. It is written after each commit and never
synced: it may lag behind, which says nothing, and it is ahead only where something was lost.

One case SQLite does not survive by itself, and does not notice: pages that a checkpoint brought into the database are newer
than what is left of a write-ahead file that lost its end. The mark tells how far checkpoints came. Such a rest is dropped
where the checkpoint was whole, since all of it is in the database; else the journal is refused as damaged.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from tanemaki.core.errors import SetupError
from tanemaki.engine import wal

VERSION = 2
"""Of the journal's tables and of the hashes in them; 1 is what was written before it was numbered."""
PAGE_BYTES = 16_384
"""Size of a page of a new journal: rows of 1 to 3 kB fill it better than SQLite's 4 kB, for a third less processor time."""
CHECKPOINT_FRAMES = 1000
"""Frames of the write-ahead file (16 MB) from which on they are brought into the database."""
_COUNTED = {"calls": "replies", "closures": "finished rows", "sends": "charges"}


@dataclass(slots=True)
class _Told:
    """What the mark says."""

    held: dict[str, int] = field(default_factory=dict)
    """Table → its highest id."""
    salts: str = ""
    brought: int = 0
    """Frames of this round of the write-ahead file of which a checkpoint may have brought pages into the database."""
    whole: bool = False
    """It brought all pages that there were: no reader held it up, and it came to its end."""


class Mark:
    """The witness of one journal. Its place is the thread that commits."""

    def __init__(self, journal: Path) -> None:
        self._wal = journal.with_name(f"{journal.name}-wal")
        self._path = journal.with_name("journal.mark")
        self._said = _Told()
        self._next_checkpoint = CHECKPOINT_FRAMES
        self._file: IO[bytes] | None = None

    def read(self) -> _Told:
        """Return what the last process wrote; nothing for a new journal, or where the mark itself was torn."""
        try:
            return _Told(**json.loads(self._path.read_bytes()))
        except (OSError, ValueError, TypeError):
            return _Told()

    def commit(self, db: sqlite3.Connection) -> None:
        """Write what the journal holds now, and bring a long write-ahead file into the database."""
        now = wal.reach(self._wal)
        if now.salts != self._said.salts:
            self._said = _Told(salts=now.salts)
            self._next_checkpoint = CHECKPOINT_FRAMES
        self._said.held = held(db)
        if now.frames >= self._next_checkpoint:
            self._next_checkpoint = now.frames + CHECKPOINT_FRAMES
            self._checkpoint(db, now.frames)
        self._write()

    def _checkpoint(self, db: sqlite3.Connection, frames: int) -> None:
        self._said.brought, self._said.whole = frames, False
        self._write()
        with suppress(sqlite3.OperationalError):  # a full disk: what was committed stays where it is
            _, _, brought = db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            self._said.brought, self._said.whole = brought, brought == frames

    def _write(self) -> None:
        with suppress(OSError):  # a full disk: the mark lags behind, which says nothing
            if self._file is None:
                self._file = self._path.open("wb", buffering=0)
            self._file.seek(0)
            self._file.write(json.dumps(asdict(self._said)).encode().ljust(256) + b"\n")

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            self._file.close()


def held(db: sqlite3.Connection) -> dict[str, int]:
    """Return the highest id of the tables that tell a loss."""
    return {
        table: db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0] for table in _COUNTED
    }


def open_journal(path: Path, schema: str, mark: Mark) -> tuple[sqlite3.Connection, str | None]:
    """Return a connection that may write, and what was lost since the last commit, in a sentence for the user.

    Raises ``SetupError`` for a file that is damaged, that cannot be written, or that is no journal.
    """
    told = mark.read()
    try:
        _drop_stale_rest(path, told)
        db = connect(path)
        try:
            _check_version(db, path)
            db.executescript(schema)
            lost = {name: n - held(db)[name] for name, n in told.held.items() if n > held(db).get(name, n)}
            if lost:
                _check_whole(db)
        except (sqlite3.Error, SetupError):
            db.close()
            raise
    except sqlite3.Error as error:
        raise as_setup_error(error, path) from error
    if not lost:
        return db, None
    mark.commit(db)  # told once
    return db, _sentence(lost)


def _check_version(db: sqlite3.Connection, path: Path) -> None:
    if not db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        db.execute(f"PRAGMA user_version={VERSION}")
    (found,) = db.execute("PRAGMA user_version").fetchone()
    if found != VERSION:
        raise SetupError(
            "the run was made by another version of Tanemaki",
            where=str(path),
            got=f"journal version {found or 1}, this is {VERSION}",
            next="go on with that version, or choose another output",
        )


def _drop_stale_rest(path: Path, told: _Told) -> None:
    """Remove a cut write-ahead file that ends before what a checkpoint brought over: it would bring back old pages."""
    file = path.with_name(f"{path.name}-wal")
    if not told.brought or wal.reach(file).salts != told.salts or wal.committed(file).frames >= told.brought:
        return
    if not told.whole:
        raise sqlite3.DatabaseError(
            "malformed: its -wal file lost what a checkpoint had not yet brought over"
        )
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as alone:
        _check_whole(alone)
    file.unlink()


def _check_whole(db: sqlite3.Connection) -> None:
    found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(f"malformed: {found}")


def _sentence(lost: dict[str, int]) -> str:
    shown = ", ".join(f"{lost[table]} {name}" for table, name in _COUNTED.items() if table in lost)
    return (
        f"the journal lost its end, as a power failure or a copy of the folder without its -wal file may do: {shown};"
        " what is missing is asked for again"
    )


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a journal. A reader sees every committed group, also while a run goes on."""
    if read_only:
        db = _reader(path, "mode=ro")
        try:
            db.execute("SELECT 1 FROM sqlite_master LIMIT 1")
        except sqlite3.OperationalError:
            db.close()
            if path.with_name(f"{path.name}-wal").exists() or not path.exists():
                raise
            db = _reader(
                path, "mode=ro&immutable=1"
            )  # a read-only disk, where SQLite can put no index beside it
        return db
    db = sqlite3.connect(path, check_same_thread=False, timeout=10)
    db.execute(f"PRAGMA page_size={PAGE_BYTES}")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA wal_autocheckpoint=0")  # the mark does it
    return db


def _reader(path: Path, how: str) -> sqlite3.Connection:
    db = sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True, check_same_thread=False)
    db.execute("PRAGMA query_only=ON")
    return db


def as_setup_error(error: sqlite3.Error, path: Path) -> SetupError:
    """Return the sentence for what keeps a journal from being used."""
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
    if "malformed" in said or "not a database" in said:
        return SetupError(
            "the run's journal is damaged; the file is left as it is",
            where=str(path),
            got=said,
            next="`sqlite3 journal.sqlite .recover` may save its replies; or choose another output",
        )
    return SetupError(
        "the run's journal cannot be used",
        where=str(path),
        got=said,
        next="choose another output folder; the file is left as it is",
    )


def lock_folder(folder: Path) -> IO[str]:
    """Hold ``run.lock`` as long as this process lives; a kill gives it back."""
    path = folder / "run.lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
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
    with suppress(OSError):  # a disk that is full: the lock holds all the same, and only its name is missing
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
