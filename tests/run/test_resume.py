"""Starting again: a finished run says so without looking at its rows, an unfinished one goes on where it stopped."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.runs import Captured, echo, files, numbers, run
from support.steps import Draft, Keep, answer
from tanemaki.config.schema import Limits
from tanemaki.core.errors import LimitReached, SetupError
from tanemaki.core.recipe import Recipe
from tanemaki.engine.accounting import Accounting
from tanemaki.run.export import Exported, told_of

RECIPE = Recipe(needs=("question",), steps=(Draft(2), Keep("draft", 0.6)), name="drafts")
ONE = Recipe(needs=("question",), steps=(answer,), name="one")
names = st.text(st.characters(codec="utf-8"), max_size=8)
counts = st.dictionaries(st.tuples(names, names), st.integers(1, 99), max_size=4)


def change(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "journal.sqlite")) as db, db:
        db.execute(statement)


def test_a_finished_run_tells_its_figures_without_reading_a_row(tmp_path: Path) -> None:
    """What it takes does not depend on the number of rows: there are none left to read here."""
    first = run(RECIPE, numbers(40), tmp_path / "r", Captured(echo), rows=12)
    assert first.accounting.rejected > 0
    before = files(tmp_path / "r")
    change(tmp_path / "r", "DELETE FROM rows")
    model = Captured(echo)
    again = run(RECIPE, numbers(40), tmp_path / "r", model, rows=12)
    assert again.state == "nothing_to_do"
    assert model.requests == []
    assert again.accounting == first.accounting
    assert again.accounting.balances
    assert first.exported is not None
    assert again.exported is not None
    assert again.exported.samples == first.exported.samples
    assert again.exported.licences == first.exported.licences
    assert files(tmp_path / "r") == before


def test_a_finished_run_with_more_rows_wanted_goes_on(tmp_path: Path) -> None:
    run(ONE, numbers(40), tmp_path / "r", Captured(echo), rows=10)
    model = Captured(echo)
    report = run(ONE, numbers(40), tmp_path / "r", model, rows=25)
    assert report.accounting.accepted == 25
    assert not {f"{i}番目の問い" for i in range(1, 11)} & set(model.texts)


def test_an_unfinished_run_asks_first_for_the_row_at_which_it_stopped(tmp_path: Path) -> None:
    with pytest.raises(LimitReached):
        run(ONE, numbers(300), tmp_path / "r", Captured(echo), limits=Limits(requests=200))
    model = Captured(echo)
    run(ONE, numbers(300), tmp_path / "r", model)
    assert model.texts[0] == "201番目の問い"
    assert len(model.texts) == 100


@given(accepted=st.integers(0, 10**6), reasons=counts, faults=counts, licence=st.none() | names)
def test_what_is_kept_of_an_export_is_read_back_as_it_was(
    accepted: int,
    reasons: dict[tuple[str, str], int],
    faults: dict[tuple[str, str], int],
    licence: str | None,
) -> None:
    figures = Accounting(roots=accepted + 1, accepted=accepted, rejected=1)
    figures.reasons.update(reasons)
    figures.faults.update(faults)
    done = Exported(figures, Accounting(), {licence: None}, [{"id": "1", "答え": None}])
    assert told_of(done.kept()) == done


def test_a_journal_with_unreadable_pages_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LimitReached):
        run(ONE, numbers(900), tmp_path / "r", Captured(echo), limits=Limits(requests=600))
    path = tmp_path / "r" / "journal.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:20480] + bytes(len(whole) - 24576) + whole[-4096:])
    damaged = path.read_bytes()
    with pytest.raises(SetupError, match="the run's journal is damaged") as caught:
        run(ONE, numbers(900), tmp_path / "r", Captured(echo))
    assert ".recover" in str(caught.value)
    assert path.read_bytes()[4096:20480] == damaged[4096:20480]
