"""Calls that go by batch files: gathered, sent once, found again, and the same dataset as if they had been sent live."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from contextlib import closing as closes
from pathlib import Path
from typing import Any

import pytest

from support.batch_service import BatchBehaviour
from support.batched import TWO_STEPS, order_for
from support.runs import dataset, files, table
from support.server import Server
from support.steps import answer
from tanemaki.config.schema import Limits, Price, SamplingSettings
from tanemaki.core.errors import LimitReached, ModelError
from tanemaki.core.model import Reply
from tanemaki.core.recipe import Recipe
from tanemaki.engine.batch_rows import batches_out
from tanemaki.engine.calls import spent_so_far
from tanemaki.engine.opening import connect
from tanemaki.run.event_loop import run_to_end
from tanemaki.run.execute import _Start, execute
from tanemaki.run.order import Order
from tanemaki.run.pulse import Progress
from tanemaki.run.report import Report

ONE_STEP = Recipe(needs=("question",), steps=(answer,), name="batched")


def sizes(server: Server) -> list[int]:
    """Return how many requests each batch had."""
    return [batch["request_counts"]["total"] for batch in server.service.batches.batches.values()]


def states(folder: Path) -> list[str]:
    with closes(connect(folder / "journal.sqlite", read_only=True)) as db:
        return [state for (state,) in db.execute("SELECT state FROM batches ORDER BY id")]


def ended(folder: Path, part: str) -> list[dict[str, Any]]:
    """Return the fields of the rejected or failed rows."""
    return [json.loads(row["fields"]) for row in table(folder / f"{part}.parquet")]


def live(folder: Path, url: str, **more: Any) -> Report:
    """Run the same order with every call sent by itself."""
    return execute(order_for(folder, url, batches={}, **more))


def test_steps_live_and_by_batch_mix_and_the_dataset_is_that_of_a_live_run(tmp_path: Path) -> None:
    with Server() as server:
        live(tmp_path / "live", server.url)
        report = execute(order_for(tmp_path / "mixed", server.url))
        execute(order_for(tmp_path / "all", server.url, batches={"writer": {}, "judge": {}}))
        made = sizes(server)
    assert report.state == "complete"
    assert files(tmp_path / "mixed") == files(tmp_path / "live") == files(tmp_path / "all")
    assert made[:2] == [40, 40]
    assert made[2:] == [len(dataset(tmp_path / "live"))]
    assert states(tmp_path / "all") == ["done", "done"]


def test_a_batch_run_goes_on_live_and_a_live_run_by_batch_without_paying_again(tmp_path: Path) -> None:
    with Server() as server:
        execute(order_for(tmp_path / "a", server.url, n=20, limit=10))
        live(tmp_path / "a", server.url, n=20)
        live(tmp_path / "b", server.url, n=20, limit=10)
        n_before = len(server.captured)
        execute(order_for(tmp_path / "b", server.url, n=20))
        first_questions = [f"{i}番目の問い" for i in range(1, 11)]
        again = [body["messages"][0]["content"] for body in server.captured[n_before:]]
        assert sizes(server) == [10, 10]
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert not set(first_questions) & set(again)


def test_a_batch_is_closed_when_it_is_full(tmp_path: Path) -> None:
    with Server() as server:
        execute(order_for(tmp_path, server.url, batches={"writer": {"size": 9}}))
        assert sizes(server) == [9, 9, 9, 9, 4]


def test_a_batch_is_closed_before_its_file_gets_too_long(tmp_path: Path) -> None:
    with Server() as server:
        execute(order_for(tmp_path, server.url, batches={"writer": {"bytes": 1000}}))
        uploaded = [
            file["about"]["bytes"]
            for file in server.service.batches.files.values()
            if file["about"]["purpose"] == "batch"
        ]
    assert len(uploaded) > 3
    assert max(uploaded) <= 1000


def test_exactly_n_asks_for_the_measured_need_and_the_stated_margin(tmp_path: Path) -> None:
    with Server() as server:
        report = execute(order_for(tmp_path / "a", server.url, n=400, rows=30))
        made = sizes(server)
        live(tmp_path / "b", server.url, n=400, rows=30)
    assert report.accounting.accepted == 30
    assert made[0] == 33
    n_kept = sum(1 for row in ended(tmp_path / "a", "rejected") if int(row["question"].split("番")[0]) <= 33)
    kept = 33 - n_kept
    assert made[1] == -(-round((30 - kept) * 1.1 * 34 / (kept + 1), 6) // 1)
    assert dataset(tmp_path / "a") == dataset(tmp_path / "b")


def test_what_a_batch_had_no_time_for_is_asked_again_in_the_next_one(tmp_path: Path) -> None:
    with Server(batches=BatchBehaviour(expires={1: 0.6, 2: 0.5})) as server:
        report = execute(order_for(tmp_path / "a", server.url, n=20))
        assert sizes(server) == [20, 8, 4]
        # a reply that came was not asked for again
        assert max(server.service.by_content.values()) == 1
        live(tmp_path / "b", server.url, n=20)
    assert report.stats.n_retries == 12
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_requests_that_fail_in_a_batch_are_asked_again_and_the_hopeless_ones_fail_their_rows(
    tmp_path: Path,
) -> None:
    with Server(poison=0.1, faults={"500": 0.2, "429": 0.2}, faults_once=True, seed=3) as server:
        report = execute(order_for(tmp_path / "a", server.url, recipe=ONE_STEP, role_settings={"retries": 2}))
        made = sizes(server)
        poisoned = sum(server.service.is_poisoned(name) for name in server.service.by_content)
        live(tmp_path / "b", server.url, recipe=ONE_STEP, role_settings={"retries": 2})
    assert poisoned > 1
    assert report.accounting.failed == poisoned
    assert report.accounting.faults == Counter({("answer", "server"): poisoned})
    assert made[0] == 40
    assert made[2] == poisoned
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_a_refused_line_fails_its_row_and_the_others_are_asked_again(tmp_path: Path) -> None:
    wrong = [{"code": "invalid_body", "message": "the body of this line is wrong", "line": 3, "param": None}]
    with Server(batches=BatchBehaviour(fails={1: wrong})) as server:
        report = execute(order_for(tmp_path, server.url, n=8, recipe=ONE_STEP))
        assert sizes(server) == [8, 7]
    assert report.accounting.faults == Counter({("answer", "bad_request"): 1})
    assert [row["question"] for row in ended(tmp_path, "failed")] == ["3番目の問い"]


def test_a_service_that_holds_too_much_already_is_asked_again_and_no_try_is_counted(tmp_path: Path) -> None:
    full = [{"code": "token_limit_exceeded", "message": "Enqueued token limit reached", "line": None}]
    with Server(batches=BatchBehaviour(fails={1: full, 2: full, 3: full})) as server:
        report = execute(order_for(tmp_path, server.url, n=5, recipe=ONE_STEP, role_settings={"retries": 0}))
        assert sizes(server) == [5, 5, 5, 5]
    with closes(connect(tmp_path / "journal.sqlite", read_only=True)) as db:
        assert spent_so_far(db).requests == 5  # what was refused was never sent
    assert states(tmp_path) == ["void", "void", "void", "done"]
    assert report.accounting.accepted == 5
    assert report.stats.n_retries == 0


def test_a_batch_that_is_refused_as_a_whole_ends_the_run_with_what_the_service_said(tmp_path: Path) -> None:
    said = [{"code": "model_not_found", "message": "no such model for batches", "line": None}]
    with Server(batches=BatchBehaviour(fails={1: said})) as server, pytest.raises(ModelError) as raised:
        execute(order_for(tmp_path, server.url, n=5, recipe=ONE_STEP))
    assert raised.value.what == "the service refused a batch of role 'writer'"
    assert raised.value.got == "'model_not_found: no such model for batches'"


def test_a_lost_answer_does_not_make_a_second_batch(tmp_path: Path) -> None:
    with Server(batches=BatchBehaviour(loses=frozenset({1}))) as server:
        report = execute(order_for(tmp_path, server.url, n=6, recipe=ONE_STEP))
        assert sizes(server) == [6]
        assert server.service.batches.calls["GET /batches"] == 1
    assert report.accounting.accepted == 6


def test_a_file_of_replies_that_breaks_off_is_fetched_again_and_no_reply_counts_twice(tmp_path: Path) -> None:
    with Server(batches=BatchBehaviour(cuts_file=frozenset({1}))) as server:
        report = execute(order_for(tmp_path, server.url, n=6, recipe=ONE_STEP))
        assert server.service.batches.calls["GET /files/{id}/content"] == 2
    with closes(connect(tmp_path / "journal.sqlite", read_only=True)) as db:
        assert db.execute("SELECT count(*), count(DISTINCT send) FROM calls").fetchone() == (6, 6)
    assert report.accounting.accepted == 6


def test_an_empty_reply_is_asked_for_once_more_and_both_are_paid(tmp_path: Path) -> None:
    seen: Counter[str] = Counter()

    def reply(body: dict[str, Any]) -> str:
        text = body["messages"][0]["content"]
        seen[text] += 1
        is_mute = text.startswith("2番") or (text.startswith("4番") and seen[text] == 1)
        return "" if is_mute else f"答え {text}"

    with Server(reply=reply) as server:
        report = execute(order_for(tmp_path, server.url, n=5, recipe=ONE_STEP))
        assert sizes(server) == [5, 2]
    assert [row["answer"] for row in dataset(tmp_path)][1::2] == ["", "答え 4番目の問い"]
    assert report.stats.faults == {"empty": 2}


def priced(folder: Path, url: str, limits: Limits, **more: Any) -> Order:
    settings = {"price": Price(input=1.0, output=1.0), "sampling": SamplingSettings(max_tokens=100)}
    return order_for(folder, url, recipe=ONE_STEP, role_settings=settings, limits=limits, **more)


def test_what_the_budget_cannot_hold_waits_for_the_batch_before(tmp_path: Path) -> None:
    with Server() as server:
        report = execute(priced(tmp_path, server.url, Limits(tokens=2000), n=12))
        made = sizes(server)
    assert report.accounting.accepted == 12
    assert len(made) > 1
    assert sum(made) == 12
    # all requests of one batch are reserved together: 100 tokens of reply and more than 100 bytes of prompt each
    assert max(made) * 200 <= 2000


def test_a_limit_that_is_used_up_ends_the_run_and_a_higher_one_goes_on(tmp_path: Path) -> None:
    with Server() as server:
        with pytest.raises(LimitReached) as raised:
            execute(priced(tmp_path, server.url, Limits(requests=7), n=12))
        assert sizes(server) == [7]
        report = execute(priced(tmp_path, server.url, Limits(requests=12), n=12))
        assert sizes(server) == [7, 5]
    assert raised.value.what == "the limit requests is used up"
    assert report.accounting.accepted == 12


def interrupted(order: Order, server: Server, at_look: int) -> tuple[Report, Progress]:
    """Run until somebody has looked so often after a batch, then ask to stop as Ctrl-C does."""
    progress = Progress()
    work = _Start(order, progress, retry=False, on_stopping=None)
    server.service.batches.on_look = lambda n: work.interrupt() if n == at_look else None
    return run_to_end(work.run, lambda: None), progress


def test_a_stop_leaves_the_batch_out_and_the_same_command_takes_it_up(tmp_path: Path) -> None:
    with Server() as server:
        batches = server.service.batches
        batches.accepts = False
        report, progress = interrupted(order_for(tmp_path / "a", server.url, n=9), server, 3)
        assert report.state == "stopped"
        assert batches.calls["POST /batches/{id}/cancel"] == 0
        with closes(connect(tmp_path / "a" / "journal.sqlite", read_only=True)) as db:
            out = batches_out(db)
        batches.accepts = True
        again = execute(order_for(tmp_path / "a", server.url, n=9))
        assert sizes(server) == [9]
        assert max(batches.custom_ids.values()) == 1
        live(tmp_path / "b", server.url, n=9)
    assert [(one.role, one.state, one.n_requests, one.remote) for one in out] == [
        ("writer", "sent", 9, "batch_000001")
    ]
    assert any(
        "batch batch_000001 of role 'writer' is still out with 9 requests" in note for note in progress.notes
    )
    assert again.state == "complete"
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_a_batch_that_is_out_counts_at_its_worst_until_its_replies_are_known(tmp_path: Path) -> None:
    with Server() as server:
        server.service.batches.accepts = False
        order = priced(tmp_path, server.url, Limits(requests=9), n=12)
        report, _ = interrupted(order, server, 3)
        assert report.state == "stopped"
        server.service.batches.accepts = True
        with pytest.raises(LimitReached):
            execute(priced(tmp_path, server.url, Limits(requests=9), n=12))
        report = execute(priced(tmp_path, server.url, Limits(requests=12), n=12))
        assert sizes(server) == [9, 3]
    assert report.accounting.accepted == 12


def test_a_batch_that_the_service_has_forgotten_is_asked_anew(tmp_path: Path) -> None:
    with Server() as server:
        batches = server.service.batches
        batches.accepts = False
        interrupted(order_for(tmp_path, server.url, n=5, recipe=ONE_STEP), server, 3)
        batches.batches.clear()
        batches.accepts = True
        report = execute(order_for(tmp_path, server.url, n=5, recipe=ONE_STEP))
    assert report.accounting.accepted == 5
    assert states(tmp_path) == ["done", "done"]


def test_a_batch_that_the_service_does_not_know_yet_is_not_asked_twice(tmp_path: Path) -> None:
    with Server(batches=BatchBehaviour(hides={1: 2})) as server:
        report = execute(order_for(tmp_path, server.url, n=5, recipe=ONE_STEP))
        assert sizes(server) == [5]
    assert (report.accounting.accepted, report.stats.faults) == (5, {})


def test_replies_that_the_service_has_thrown_away_are_asked_for_anew_and_not_for_ever(tmp_path: Path) -> None:
    with Server(batches=BatchBehaviour(drops=frozenset({1}))) as server:
        report = execute(order_for(tmp_path, server.url, n=5, recipe=ONE_STEP))
        assert sizes(server) == [5, 5]
        assert server.service.batches.calls["GET /files/{id}/content"] == 4
    assert report.accounting.accepted == 5


def test_what_the_filter_took_of_a_batch_is_paid_all_the_same(tmp_path: Path) -> None:
    with Server(reply=lambda _: {"content": "", "finish_reason": "content_filter"}) as server:
        execute(priced(tmp_path, server.url, Limits(tokens=10_000, failed_share=None), n=3))
    with closes(connect(tmp_path / "journal.sqlite", read_only=True)) as db:
        (worst,) = db.execute("SELECT sum(worst_tokens) FROM sends").fetchone()
        assert spent_so_far(db).tokens == worst > 0
        assert db.execute("SELECT DISTINCT fault FROM faults").fetchall() == [("content_refused",)]


def test_going_on_live_while_a_batch_is_out_is_told_to_cost_twice(tmp_path: Path) -> None:
    with Server() as server:
        server.service.batches.accepts = False
        interrupted(order_for(tmp_path, server.url, n=5, recipe=ONE_STEP), server, 3)
        progress = Progress()
        order = order_for(tmp_path, server.url, n=5, recipe=ONE_STEP, batches={})
        report = execute(order, progress=progress)
    assert report.accounting.accepted == 5
    assert any("5 requests of role 'writer' still lie with the service" in note for note in progress.notes)


def test_replies_of_a_batch_are_journaled_as_those_of_live_calls(tmp_path: Path) -> None:
    def rows(folder: Path) -> list[tuple[Any, ...]]:
        with closes(connect(folder / "journal.sqlite", read_only=True)) as db:
            return sorted(
                db.execute(
                    "SELECT root, path, record, step, place, sample, hash, role, model, max_tokens, attempt, request,"
                    " reply FROM calls"
                )
            )

    with Server() as server:
        execute(order_for(tmp_path / "a", server.url))
        live(tmp_path / "b", server.url)
    assert rows(tmp_path / "a") == rows(tmp_path / "b")
    assert isinstance(Reply.from_json(json.loads(rows(tmp_path / "a")[0][-1])), Reply)


def test_a_journal_without_a_batch_has_no_name_for_any(tmp_path: Path) -> None:
    with Server() as server:
        live(tmp_path, server.url, n=2, recipe=TWO_STEPS)
    with closes(sqlite3.connect(tmp_path / "journal.sqlite")) as db:
        assert db.execute("SELECT count(*) FROM meta WHERE key = 'batches'").fetchone() == (0,)
