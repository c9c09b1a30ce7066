from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from support.runs import numbers, run
from tanemaki.core.errors import SetupError
from tanemaki.core.recipe import Recipe
from tanemaki.core.verdict import Reject
from tanemaki.engine.journal import Journal
from tanemaki.models.scripted import Scripted
from tanemaki.run import look


async def answer(question: str, *, writer: Any) -> str | Reject:
    text = str((await writer(question)).text)
    return Reject("too_short", measured=len(text), limit=3, note="一回目") if len(text) < 3 else text


RECIPE = Recipe(steps=(answer,), needs=("question",), name="one")
REPLIES = {"1番目": "長い答え", "2番目": "短", "3番目": "長い答え", "4番目": "長い答え"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run(RECIPE, numbers(4), tmp_path / "a", Scripted(REPLIES), rows=2)
    return tmp_path / "a"


def test_a_status_holds_the_figures_of_the_dataset(folder: Path) -> None:
    found = look.status(folder)
    assert (found.state, found.wanted) == ("complete", 2)
    assert (found.accounting.accepted, found.accounting.rejected) == (2, 1)
    assert found.accounting.balances
    assert found.models == {"writer": ["scripted"]}
    assert found.facts == {"recipe": "one", "language": "ja", "seed": "0"}
    assert found.to_json()["seed"] == 0, "a number for machines"


def test_a_run_that_another_process_holds_is_running(folder: Path) -> None:
    journal = Journal(folder)
    try:
        assert look.status(folder).state == "running"
        with pytest.raises(SetupError, match="this run was made of Python objects"):
            look.export_folder(folder)
    finally:
        asyncio.run(journal.close())
    assert look.status(folder).state == "complete"


def test_a_run_with_too_few_rows_is_short(tmp_path: Path) -> None:
    run(RECIPE, numbers(4), tmp_path / "a", Scripted(REPLIES), rows=4)
    assert look.status(tmp_path / "a").state == "short"


def test_rows_are_found_by_part_reason_id_and_number(folder: Path) -> None:
    everything = list(look.rows(folder))
    assert [row.part for row in everything][:3] == ["accepted", "rejected", "accepted"]
    [rejected] = look.rows(folder, "rejected")
    assert (rejected.reason, rejected.measured, rejected.limit, rejected.note) == (
        "too_short",
        1,
        3,
        "一回目",
    )
    assert list(look.rows(folder, reason="too_short")) == [rejected]
    assert list(look.rows(folder, record=rejected.id[:8])) == [rejected]
    assert list(look.rows(folder, record="2")) == [rejected]
    assert list(look.rows(folder, record="22")) == []


def test_an_unknown_part_or_reason_is_told_the_nearest(folder: Path) -> None:
    with pytest.raises(SetupError) as caught:
        list(look.rows(folder, "acepted"))
    assert caught.value.next == "did you mean 'accepted'?"
    with pytest.raises(SetupError) as caught:
        list(look.rows(folder, reason="to_short"))
    assert caught.value.next == "did you mean 'too_short'?"
    assert caught.value.got == "reasons: too_short"


def test_the_calls_of_a_row_are_its_own(folder: Path) -> None:
    for row in look.rows(folder, "accepted"):
        [call] = look.calls(folder, row)
        assert call.request["messages"][0]["content"] == row.fields["question"]


def test_the_columns_are_those_of_the_dataset(folder: Path) -> None:
    assert look.columns_of(folder) == ["question", "answer"]


def test_a_run_of_python_objects_cannot_be_made_again_from_its_folder(folder: Path) -> None:
    with pytest.raises(SetupError) as caught:
        look.order_in(folder, asks=True)
    assert caught.value.what == "this run was made of Python objects, which run.yaml cannot hold"
    assert ".start(retry=True)" in str(caught.value.next)
