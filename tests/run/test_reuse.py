"""``reuse``: another run's replies are taken where the same was asked of the same record; an edit pays for itself alone."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from support.cli import lay_out
from support.runs import Captured, dataset, echo, files, numbers, order_for, run
from support.steps import Best, Draft, Keep
from tanemaki.config.schema import Limits, ModelSettings, SamplingSettings
from tanemaki.core.errors import LimitReached, SetupError
from tanemaki.core.model import Reply, Request, Usage
from tanemaki.core.recipe import Recipe
from tanemaki.core.step import Asker
from tanemaki.engine.opening import connect
from tanemaki.models.scripted import last_text
from tanemaki.run.execute import execute
from tanemaki.run.look import status
from tanemaki.run.pulse import Progress
from tanemaki.run.report import Report
from tanemaki.run.session import Run


async def answer(question: str, *, writer: Asker) -> str:
    return (await writer(question)).text


async def title(answer: str, *, writer: Asker) -> str:
    return (await writer(f"題名: {answer}")).text


async def short_title(answer: str, *, writer: Asker) -> str:
    return (await writer(f"短い題名: {answer}")).text


BOTH = Recipe(needs=("question",), steps=(answer, title), name="two")
EDITED = Recipe(needs=("question",), steps=(answer, short_title), name="two")
ONE = Recipe(needs=("question",), steps=(answer,), name="two")


def taken(report: Report) -> dict[str, int]:
    return report.stats.reused_from


def test_an_edited_recipe_pays_only_for_what_changed(tmp_path: Path) -> None:
    run(BOTH, numbers(30), tmp_path / "old", Captured(echo))
    model = Captured(echo)
    report = run(EDITED, numbers(30), tmp_path / "new", model, reuse=[tmp_path / "old"])
    assert len(model.requests) == 30
    assert all(text.startswith("短い題名") for text in model.texts)
    assert taken(report) == {str(tmp_path / "old"): 30}
    fresh = run(EDITED, numbers(30), tmp_path / "fresh", Captured(echo))
    assert fresh.stats.n_sent == 60
    assert files(tmp_path / "new") == files(tmp_path / "fresh")


def test_an_equal_recipe_pays_nothing_whatever_the_order_and_the_number_of_rows(tmp_path: Path) -> None:
    old = run(BOTH, numbers(20), tmp_path / "old", Captured(echo))
    assert old.stats.n_sent == 40
    model = Captured(echo)
    rows = [*reversed(numbers(20)), {"question": "新しい問い"}]
    run(BOTH, rows, tmp_path / "new", model, reuse=[tmp_path / "old"])
    assert len(model.requests) == 2
    told = {row["id"]: (row["answer"], row["title"]) for row in dataset(tmp_path / "old")}
    again = {row["id"]: (row["answer"], row["title"]) for row in dataset(tmp_path / "new")}
    assert len(again) == 21
    assert told.items() <= again.items()


def test_children_and_samples_are_found_too(tmp_path: Path) -> None:
    recipe = Recipe(needs=("question",), steps=(Draft(3), Keep("draft", 0.7), Best()), name="drafts")
    run(recipe, numbers(15), tmp_path / "old", Captured(echo))
    model = Captured(echo)
    report = run(recipe, numbers(15), tmp_path / "new", model, reuse=[tmp_path / "old"])
    assert model.requests == []
    assert taken(report) == {str(tmp_path / "old"): 45}
    assert files(tmp_path / "new") == files(tmp_path / "old")


def test_the_new_run_does_not_need_the_old_folder_afterwards(tmp_path: Path) -> None:
    run(BOTH, numbers(20), tmp_path / "old", Captured(echo))
    with pytest.raises(LimitReached):
        run(
            EDITED,
            numbers(20),
            tmp_path / "new",
            Captured(echo),
            reuse=[tmp_path / "old"],
            limits=Limits(requests=7),
        )
    db = connect(tmp_path / "new" / "journal.sqlite", read_only=True)
    held = db.execute(
        "SELECT step, attempt, count(*) FROM calls GROUP BY step, attempt ORDER BY step"
    ).fetchall()
    db.close()
    assert [(step, attempt) for step, attempt, _ in held] == [("answer", 0), ("short_title", 1)]
    n_taken = held[0][2]
    shutil.rmtree(tmp_path / "old")
    model = Captured(echo)
    run(EDITED, numbers(20), tmp_path / "new", model)
    assert sum(not text.startswith("短い題名") for text in model.texts) == 20 - n_taken
    run(EDITED, numbers(20), tmp_path / "fresh", Captured(echo))
    assert files(tmp_path / "new") == files(tmp_path / "fresh")


def test_a_reply_that_was_taken_is_on_the_disk_before_a_step_sees_it(tmp_path: Path) -> None:
    run(ONE, numbers(12), tmp_path / "old", Captured(echo))
    seen: list[int] = []

    async def answer(question: str, *, writer: Asker) -> str:
        text: str = (await writer(question)).text
        db = connect(tmp_path / "new" / "journal.sqlite", read_only=True)
        seen.append(db.execute("SELECT count(*) FROM calls WHERE reply LIKE ?", (f"%{text}%",)).fetchone()[0])
        db.close()
        return text

    again = Recipe(needs=("question",), steps=(answer,), name="two")
    report = run(again, numbers(12), tmp_path / "new", Captured(echo), reuse=[tmp_path / "old"])
    assert sum(taken(report).values()) == 12
    assert seen == [1] * 12


def test_a_run_that_was_cut_off_lends_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(LimitReached):
        run(BOTH, numbers(30), tmp_path / "old", Captured(echo), limits=Limits(requests=25))
    model = Captured(echo)
    run(BOTH, numbers(30), tmp_path / "new", model, reuse=[tmp_path / "old"])
    assert len(model.requests) == 60 - 25


def test_what_is_taken_is_not_charged_and_needs_no_allowance(tmp_path: Path) -> None:
    def counted(request: Request) -> Reply:
        return Reply(echo(request).text, usage=Usage(10, 20))

    old = run(ONE, numbers(12), tmp_path / "old", Captured(counted))
    assert old.stats.prompt_tokens == 120
    report = run(
        ONE,
        numbers(12),
        tmp_path / "new",
        Captured(counted),
        reuse=[tmp_path / "old"],
        limits=Limits(requests=0),
    )
    assert report.accounting.accepted == 12
    assert report.stats.prompt_tokens == 0
    told = status(tmp_path / "new")
    assert (told.n_requests, told.n_tokens, told.n_reused) == (0, 0, 12)
    assert told.to_json()["replies_reused"] == 12
    assert report.to_json()["this_start"]["replies_reused_from"] == {str(tmp_path / "old"): 12}


def test_the_run_named_first_lends_first_and_a_run_that_lent_lends_on(tmp_path: Path) -> None:
    run(ONE, numbers(6), tmp_path / "a", Captured(echo))
    run(ONE, numbers(12), tmp_path / "b", Captured(echo), reuse=[tmp_path / "a"])
    model = Captured(echo)
    report = run(ONE, numbers(14), tmp_path / "c", model, reuse=[tmp_path / "a", tmp_path / "b"])
    assert taken(report) == {str(tmp_path / "a"): 6, str(tmp_path / "b"): 6}
    assert len(model.requests) == 2


def said(max_tokens: int) -> dict[str, Any]:
    sampling = SamplingSettings(max_tokens=max_tokens)
    return {"settings": {"writer": ModelSettings(kind="scripted", file="-", sampling=sampling)}}


def test_a_reply_that_was_cut_is_not_taken_under_a_higher_limit(tmp_path: Path) -> None:
    def cut(request: Request) -> Reply:
        is_long = "3番目" in last_text(request) or "4番目" in last_text(request)
        return Reply("途中まで", finish_reason="length") if is_long else echo(request)

    run(ONE, numbers(9), tmp_path / "old", Captured(cut), **said(10))
    same, more = Captured(echo), Captured(echo)
    run(ONE, numbers(9), tmp_path / "same", same, reuse=[tmp_path / "old"], **said(10))
    assert same.requests == []
    run(ONE, numbers(9), tmp_path / "more", more, reuse=[tmp_path / "old"], **said(500))
    assert sorted(more.texts) == ["3番目の問い", "4番目の問い"]


def test_retry_asks_again_what_failed_and_does_not_take_the_same_reply_once_more(tmp_path: Path) -> None:
    def thinks(request: Request) -> Reply:
        if "2番目" in last_text(request):
            return Reply("", finish_reason="length", thinking="考え中…")
        return echo(request)

    run(ONE, numbers(5), tmp_path / "old", Captured(thinks))
    new = run(ONE, numbers(5), tmp_path / "new", Captured(thinks), reuse=[tmp_path / "old"])
    assert (new.accounting.accepted, new.accounting.failed, new.stats.n_sent) == (4, 1, 0)
    model = Captured(echo)
    order = order_for(ONE, numbers(5), tmp_path / "new", model, reuse=[tmp_path / "old"])
    again = execute(order, retry=True)
    assert model.texts == ["2番目の問い"]
    assert again.accounting.accepted == 5


def test_another_model_or_another_record_is_not_the_same(tmp_path: Path) -> None:
    run(ONE, numbers(5), tmp_path / "old", Captured(echo))

    class Other(Captured):
        @property
        def name(self) -> str:
            return "another"

    other, rows = Other(echo), Captured(echo)
    run(ONE, numbers(5), tmp_path / "other", other, reuse=[tmp_path / "old"])
    assert len(other.requests) == 5
    twice = [{"question": "1番目の問い", "topic": "歴史"}]
    run(ONE, twice, tmp_path / "rows", rows, reuse=[tmp_path / "old"])
    assert len(rows.requests) == 1


def test_what_is_offered_is_told(tmp_path: Path) -> None:
    run(ONE, numbers(5), tmp_path / "old", Captured(echo))
    progress = Progress()
    execute(
        order_for(ONE, numbers(5), tmp_path / "new", Captured(echo), reuse=[tmp_path / "old"]),
        progress=progress,
    )
    assert f"5 replies of {tmp_path / 'old'} may be re-used" in progress.notes


@pytest.mark.parametrize(
    ("folder", "what"),
    [
        ("nowhere", "no run lies here"),
        ("new", "`reuse` names the run's own folder"),
        ("early", "the replies of a run of another version of Tanemaki cannot be re-used"),
    ],
)
def test_a_folder_that_cannot_lend_is_told(folder: str, what: str, tmp_path: Path) -> None:
    run(ONE, numbers(2), tmp_path / "early", Captured(echo))
    db = sqlite3.connect(tmp_path / "early" / "journal.sqlite")
    db.execute("PRAGMA user_version=0")
    db.close()
    model = Captured(echo)
    with pytest.raises(SetupError, match=what) as caught:
        run(ONE, numbers(2), tmp_path / "new", model, reuse=[tmp_path / folder])
    assert str(tmp_path / folder) in str(caught.value)
    assert model.requests == []


def test_a_folder_of_another_version_is_not_gone_on_with(tmp_path: Path) -> None:
    run(ONE, numbers(2), tmp_path / "r", Captured(echo))
    db = sqlite3.connect(tmp_path / "r" / "journal.sqlite")
    db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(SetupError, match="made by another version of Tanemaki") as caught:
        run(ONE, numbers(3), tmp_path / "r", Captured(echo))
    assert "journal version 99, this is" in str(caught.value)


def test_a_run_file_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(tmp_path, n_rows=12)
    monkeypatch.chdir(tmp_path)
    Run("run.yaml").start()
    report = Run("run.yaml", output="runs/b", reuse=["runs/a"]).start()
    assert report.stats.n_sent == 0
    assert sum(taken(report).values()) > 0
    assert (tmp_path / "runs/b/run.yaml").read_text(encoding="utf-8").count("- runs/a") == 1


def test_a_prompt_edited_in_the_same_folder_pays_as_before(tmp_path: Path) -> None:
    run(BOTH, numbers(10), tmp_path / "r", Captured(echo))
    model = Captured(echo)
    run(EDITED, numbers(10), tmp_path / "r", model)
    assert len(model.requests) == 10
    back = Captured(echo)
    run(BOTH, numbers(10), tmp_path / "r", back)
    assert back.requests == []
