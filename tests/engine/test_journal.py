"""The journal: durable before visible, one writer, a full disk, a second run."""

from __future__ import annotations

import asyncio
import gc
import os
from pathlib import Path
from typing import Any

import pytest

from support.runs import Captured, echo, files, numbers, order_for, run
from support.steps import answer
from tanemaki.config.schema import Limits
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Reply, Request
from tanemaki.core.recipe import Recipe
from tanemaki.core.step import Asker
from tanemaki.engine.journal import Journal
from tanemaki.engine.opening import connect
from tanemaki.run.execute import execute

ONE = Recipe(needs=("question",), steps=(answer,), name="one")


def count(folder: Path, table: str) -> int:
    db = connect(folder / "journal.sqlite", read_only=True)
    try:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        db.close()


def test_a_reply_is_on_the_disk_before_a_step_sees_it(tmp_path: Path) -> None:
    seen: list[int] = []

    async def look(question: str, *, writer: Asker) -> str:
        text: str = (await writer(question)).text
        db = connect(tmp_path / "r" / "journal.sqlite", read_only=True)
        seen.append(db.execute("SELECT count(*) FROM calls WHERE reply LIKE ?", (f"%{text}%",)).fetchone()[0])
        db.close()
        return text

    run(Recipe(needs=("question",), steps=(look,), name="look"), numbers(25), tmp_path / "r", Captured(echo))
    assert seen == [1] * 25


def test_an_intent_is_on_the_disk_before_its_request_is_sent_where_a_limit_is_set(tmp_path: Path) -> None:
    behind: list[int] = []
    n_sent = 0

    def reply(request: Request) -> Reply:
        nonlocal n_sent
        n_sent += 1
        behind.append(n_sent - count(tmp_path / "r", "sends"))
        return echo(request)

    run(ONE, numbers(20), tmp_path / "r", Captured(reply), limits=Limits(requests=100))
    assert max(behind) <= 0


def test_many_rows_share_a_commit_and_each_waits_for_its_own(tmp_path: Path) -> None:
    async def write() -> tuple[int, int]:
        journal = Journal(tmp_path / "j")

        async def one(i: int) -> int:
            journal.put("sends", (journal.next_send(), i, 0, 0.0))
            await journal.durable()
            return count(tmp_path / "j", "sends")

        held = await asyncio.gather(*(one(i) for i in range(200)))
        await journal.close()
        return min(held), journal.n_commits

    least, commits = asyncio.run(write())
    assert least >= 1
    assert commits <= 3
    assert count(tmp_path / "j", "sends") == 200


def test_a_second_run_on_the_same_folder_is_refused_with_the_process_that_has_it(tmp_path: Path) -> None:
    async def twice() -> None:
        journal = Journal(tmp_path / "r")
        try:
            with pytest.raises(SetupError, match="another process is working on this run") as caught:
                Journal(tmp_path / "r")
            assert f"process {os.getpid()}" in str(caught.value)
        finally:
            await journal.close()
        await Journal(tmp_path / "r").close()

    asyncio.run(twice())


def test_a_full_disk_ends_the_run_with_one_sentence_and_loses_no_reply(tmp_path: Path) -> None:
    """SQLite's own limit of pages answers as a full disk does."""
    folder = tmp_path / "r"
    n_sent = 0

    def fill(request: Request) -> str:
        nonlocal n_sent
        n_sent += 1
        if n_sent == 400:
            [journal] = [
                thing
                for thing in gc.get_objects()
                if isinstance(thing, Journal) and thing.path.parent == folder
            ]
            pages = journal._db.execute("PRAGMA page_count").fetchone()[0]
            journal._db.execute(f"PRAGMA max_page_count={pages + 20}")
        return echo(request).text * 200

    with pytest.raises(
        SetupError, match="the disk is full: the run stopped, and nothing that was paid for is lost"
    ):
        execute(order_for(ONE, numbers(800), folder, Captured(fill)))
    kept = count(folder, "calls")
    assert 0 < kept < n_sent <= 800
    again = Captured(lambda request: echo(request).text * 200)
    execute(order_for(ONE, numbers(800), folder, again))
    assert len(again.requests) == 800 - kept
    fresh = tmp_path / "fresh"
    run(ONE, numbers(800), fresh, Captured(lambda request: echo(request).text * 200))
    assert files(folder) == files(fresh)


def test_a_damaged_journal_is_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "r"
    folder.mkdir()
    (folder / "journal.sqlite").write_bytes(b"not a database at all, but long enough to be read as one" * 40)
    with pytest.raises(SetupError, match="the run's journal is damaged; the file is left as it is"):
        run(ONE, numbers(2), folder, Captured(echo))
    assert (folder / "journal.sqlite").read_bytes().startswith(b"not a database")


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    """Fault 23: an output that is overwritten by a re-run."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.txt").write_text("大切")
    with pytest.raises(SetupError, match="not empty and holds no run"):
        run(ONE, numbers(2), folder, Captured(echo))
    assert sorted(path.name for path in folder.iterdir()) == ["thesis.txt"]


@pytest.mark.parametrize(
    ("change", "named"),
    [({"seed": 5}, "seed"), ({"language": "en"}, "language")],
    ids=["seed", "language"],
)
def test_another_run_in_the_folder_is_refused(change: dict[str, Any], named: str, tmp_path: Path) -> None:
    run(ONE, numbers(3), tmp_path / "r", Captured(echo))
    before = files(tmp_path / "r")
    model = Captured(echo)
    with pytest.raises(SetupError, match=f"holds another run: its {named} differs"):
        run(ONE, numbers(3), tmp_path / "r", model, **change)
    with pytest.raises(SetupError, match="its source differs"):
        run(ONE, numbers(4), tmp_path / "r", model)
    with pytest.raises(SetupError, match="its recipe differs"):
        run(Recipe(needs=("question",), steps=(answer,), name="other"), numbers(3), tmp_path / "r", model)
    assert model.requests == []
    assert files(tmp_path / "r") == before
