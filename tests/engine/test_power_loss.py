"""Power loss: the write-ahead file cut or zeroed at any byte. The journal opens, holds a prefix, and says what it lost."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from support.runs import Captured, echo, files, numbers, order_for, run
from support.simulated import Weather, execute_simulated
from support.steps import answer
from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.recipe import Recipe
from tanemaki.core.seeding import Draw
from tanemaki.engine import wal
from tanemaki.engine.journal import SCHEMA
from tanemaki.engine.opening import CHECKPOINT_FRAMES, PAGE_BYTES, Mark, connect, held, open_journal
from tanemaki.run.pulse import Progress

ONE = Recipe(needs=("question",), steps=(answer,), name="one")
JOURNAL = ("journal.sqlite", "journal.sqlite-wal", "journal.mark")
APPENDED = ("calls", "sends", "closures", "rows", "faults")
N_ROWS = 60
FRAME = 24 + PAGE_BYTES


@dataclass(frozen=True)
class Killed:
    """The files of a run that was killed, and what they hold."""

    folder: Path
    rows: dict[str, list[tuple[object, ...]]]

    @property
    def wal(self) -> bytes:
        return (self.folder / "journal.sqlite-wal").read_bytes()

    def spoilt(self, to: Path, contents: bytes) -> Path:
        """Copy the files with another write-ahead file."""
        shutil.rmtree(to, ignore_errors=True)
        to.mkdir()
        for name in JOURNAL:
            shutil.copyfile(self.folder / name, to / name)
        (to / "journal.sqlite-wal").write_bytes(contents)
        return to


def contents(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {table: db.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in APPENDED}


def killed_when(
    run_in: Path,
    to: Path,
    when: Callable[[float], bool],
    *,
    rows: int = N_ROWS,
    long: int = 1,
    pinned_s: float = 0,
) -> Killed:
    """Return what a kill leaves at the first moment at which ``when`` says so.

    From ``pinned_s`` on a reader keeps checkpoints from going further.
    """
    readers: list[sqlite3.Connection] = []

    def look() -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, look)
        if to.exists():  # what the run does from here on is of no interest
            os.kill(os.getpid(), signal.SIGINT)
            return
        if pinned_s and not readers and loop.time() >= pinned_s:
            readers.append(connect(run_in / "journal.sqlite", read_only=True))
            readers[0].execute("BEGIN")
            readers[0].execute("SELECT count(*) FROM calls").fetchone()
        if when(loop.time()):
            to.mkdir()
            for name in JOURNAL:
                shutil.copyfile(run_in / name, to / name)

    def say(request: Request) -> Reply:
        return Reply(echo(request).text * long)

    settings = {"writer": ModelSettings(kind="scripted", file="-", concurrency=16)}
    weather = Weather(latency_s=(1.0, 100.0), answer=say)
    order = order_for(ONE, numbers(rows), run_in, weather, settings=settings)
    execute_simulated(order, at={0.01: look})
    for reader in readers:
        reader.close()
    whole = shutil.copytree(to, to.with_name(f"{to.name}-whole"))
    db = connect(whole / "journal.sqlite", read_only=True)
    try:
        return Killed(to, contents(db))
    finally:
        db.close()


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    base = tmp_path_factory.mktemp("power")
    return killed_when(base / "run", base / "killed", lambda now: now > 60)


def opened(folder: Path) -> tuple[dict[str, list[tuple[object, ...]]], dict[str, int], str | None]:
    """Open as a run does; return what is there, and what it says was lost."""
    path = folder / "journal.sqlite"
    mark = Mark(path)
    db, lost = open_journal(path, SCHEMA, mark)
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return contents(db), held(db), lost
    finally:
        db.close()
        mark.close()


def hold(killed: Killed, folder: Path) -> int:
    """Assert that what is left is a prefix, and that the note tells exactly what is missing; return how many replies are."""
    left, _, lost = opened(folder)
    missing = {}
    for table, rows in left.items():
        assert rows == killed.rows[table][: len(rows)], f"{table}: not the beginning of what was there"
        missing[table] = len(killed.rows[table]) - len(rows)
    told = {name: int(n) for n, name in re.findall(r"(\d+) (replies|finished rows|charges)", lost or "")}
    shown = {"calls": "replies", "closures": "finished rows", "sends": "charges"}
    assert told == {name: missing[table] for table, name in shown.items() if missing[table]}
    return missing["calls"]


def boundaries(contents: bytes) -> Iterator[int]:
    yield from range(32, len(contents) + 1, FRAME)


def test_a_whole_journal_says_nothing(killed: Killed, tmp_path: Path) -> None:
    assert len(killed.rows["calls"]) > 20
    assert hold(killed, killed.spoilt(tmp_path / "j", killed.wal)) == 0


def test_cut_at_every_frame_it_holds_a_prefix_and_says_what_it_lost(killed: Killed, tmp_path: Path) -> None:
    lost = [hold(killed, killed.spoilt(tmp_path / "j", killed.wal[:at])) for at in boundaries(killed.wal)]
    assert lost == sorted(lost, reverse=True)
    assert lost[-1] == 0
    assert len(set(lost)) > 10
    steps = [before - after for before, after in pairwise(lost)]
    assert max(steps) <= 3, "one group more than the cut ones was lost"


def test_cut_or_zeroed_at_any_byte(killed: Killed, tmp_path: Path) -> None:
    draw = Draw("cut")
    whole = killed.wal
    lost = []
    for _ in range(60):
        at = draw.below(len(whole))
        n = 1 + draw.below(5000)
        zeroed = whole[:at] + bytes(len(whole[at : at + n])) + whole[at + n :]
        lost += [hold(killed, killed.spoilt(tmp_path / "j", spoilt)) for spoilt in (whole[:at], zeroed)]
    assert len(set(lost)) > 10


def test_no_write_ahead_file_at_all(killed: Killed, tmp_path: Path) -> None:
    folder = killed.spoilt(tmp_path / "j", b"")
    (folder / "journal.sqlite-wal").unlink()
    assert hold(killed, folder) > 20


def test_a_loss_is_told_once(killed: Killed, tmp_path: Path) -> None:
    folder = killed.spoilt(tmp_path / "j", killed.wal[: len(killed.wal) // 2])
    assert opened(folder)[2]
    assert opened(folder)[2] is None


def test_a_torn_mark_is_no_witness_and_no_hindrance(killed: Killed, tmp_path: Path) -> None:
    for torn in (b"", bytes(256), b'{"held": {"calls": 99', b"[]", b'{"other": 1}'):
        folder = killed.spoilt(tmp_path / "j", killed.wal[:-5000])
        (folder / "journal.mark").write_bytes(torn)
        assert opened(folder)[2] is None


def test_the_run_goes_on_after_a_power_loss_to_the_same_bytes(killed: Killed, tmp_path: Path) -> None:
    folder = killed.spoilt(tmp_path / "j", killed.wal[: len(killed.wal) * 2 // 3])
    progress = Progress()
    model = Weather(latency_s=(1.0, 2.0))
    execute_simulated(order_for(ONE, numbers(N_ROWS), folder, model), progress=progress)
    [note] = [note for note in progress.notes if "lost its end" in note]
    assert "is asked for again" in note
    n_lost = int(re.findall(r"(\d+) replies", note)[0])
    assert len(model.seen) == N_ROWS - (len(killed.rows["calls"]) - n_lost)
    run(ONE, numbers(N_ROWS), tmp_path / "whole", Captured(echo))
    assert files(folder) == files(tmp_path / "whole")


@pytest.fixture(scope="module")
def checkpointed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    """A journal at the moment after a checkpoint: everything is in the database, and in the write-ahead file, too."""
    base = tmp_path_factory.mktemp("checkpointed")
    mark = Mark(base / "run" / "journal.sqlite")
    return killed_when(base / "run", base / "killed", lambda _: mark.read().whole, rows=200, long=1500)


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    """A journal whose checkpoint brought a part over, because a reader held on to an older state."""
    base = tmp_path_factory.mktemp("pinned")
    when: Callable[[float], bool] = lambda now: now > 700  # noqa: E731 - as short as its neighbours
    return killed_when(base / "run", base / "killed", when, rows=600, long=1500, pinned_s=100)


def cuts(killed: Killed, below: int) -> Iterator[bytes]:
    """Yield the write-ahead file cut, and zeroed, at a few places below a frame."""
    draw = Draw("below", below)
    whole = killed.wal
    for share in (0.02, 0.5, 0.9):
        at = 32 + int(below * share) * FRAME + draw.below(FRAME)
        yield whole[:at]
        yield whole[:at] + bytes(2 * FRAME) + whole[at + 2 * FRAME :]


def test_a_cut_below_a_whole_checkpoint_loses_nothing(checkpointed: Killed, tmp_path: Path) -> None:
    """The database holds newer pages than what is left of the write-ahead file: together they would be no journal."""
    brought = Mark(checkpointed.folder / "journal.sqlite").read().brought
    assert brought == wal.reach(checkpointed.folder / "journal.sqlite-wal").frames >= CHECKPOINT_FRAMES
    for spoilt in cuts(checkpointed, brought):
        assert hold(checkpointed, checkpointed.spoilt(tmp_path / "j", spoilt)) == 0


def test_a_cut_below_half_a_checkpoint_is_refused_and_left_as_it_is(pinned: Killed, tmp_path: Path) -> None:
    told = Mark(pinned.folder / "journal.sqlite").read()
    assert not told.whole
    assert 0 < told.brought < wal.reach(pinned.folder / "journal.sqlite-wal").frames
    for spoilt in cuts(pinned, told.brought):
        folder = pinned.spoilt(tmp_path / "j", spoilt)
        before = {name: (folder / name).read_bytes() for name in JOURNAL}
        with pytest.raises(SetupError, match="the run's journal is damaged; the file is left as it is"):
            opened(folder)
        assert {name: (folder / name).read_bytes() for name in JOURNAL} == before


def test_a_cut_above_half_a_checkpoint_holds_a_prefix(pinned: Killed, tmp_path: Path) -> None:
    brought = Mark(pinned.folder / "journal.sqlite").read().brought
    for more in (0, 10, 100):
        assert (
            hold(pinned, pinned.spoilt(tmp_path / "j", pinned.wal[: 32 + (brought + more) * FRAME + 9])) > 0
        )


def test_frames_are_counted_as_sqlite_counts_them(killed: Killed, pinned: Killed) -> None:
    for one in (killed, pinned):
        path = one.folder / "journal.sqlite-wal"
        assert wal.reach(path) == wal.committed(path)
        assert wal.reach(path).frames == (len(one.wal) - 32) // FRAME


def test_no_file_and_no_header_reach_nowhere(tmp_path: Path) -> None:
    assert wal.reach(tmp_path / "none") == wal.committed(tmp_path / "none") == wal.Reach()
    (tmp_path / "zero").write_bytes(bytes(9000))
    assert wal.reach(tmp_path / "zero") == wal.committed(tmp_path / "zero") == wal.Reach()


def test_a_damaged_database_is_refused_and_left_as_it_is(pinned: Killed, tmp_path: Path) -> None:
    folder = pinned.spoilt(tmp_path / "j", pinned.wal[:100_000])
    path = folder / "journal.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + bytes(400_000) + whole[408_192:])
    before = path.read_bytes()
    with pytest.raises(SetupError, match="the run's journal is damaged; the file is left as it is") as caught:
        run(ONE, numbers(600), folder, Captured(echo))
    assert ".recover" in str(caught.value)
    assert path.read_bytes() == before
