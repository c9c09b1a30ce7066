"""status beside a run that goes on, one that was cut off, and one that has ended; and the flags by which others look on."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from support.cli import Work
from tanemaki.cli.status import pulses
from tanemaki.engine.journal import Journal
from tanemaki.engine.stats import Stats
from tanemaki.run.pulse import FILE, Gauge, Pulse


@pytest.fixture
def done(work: Work) -> Work:
    assert work("run", "run.yaml").code == 0
    return work


def publish(folder: Path) -> Pulse:
    stats = Stats(wanted=20, accepted=5, rejected=1, n_in=6, live=3, n_sent=9)
    pulse = replace(Gauge().read("running", stats), rows_per_s=2.5, eta_s=6.0)
    (folder / FILE).write_text(json.dumps(pulse.to_json()), encoding="utf-8")
    return pulse


@contextmanager
def held(folder: Path) -> Iterator[Journal]:
    journal = Journal(folder)
    try:
        yield journal
    finally:
        asyncio.run(journal.close())


def test_a_run_that_goes_on_is_shown_with_its_process_and_its_pace(done: Work) -> None:
    folder = done.folder / "runs/a"
    pulse = publish(folder)
    with held(folder):
        told = done("status", "runs/a").out
        machine = done("status", "runs/a", "--json").json
    assert f"state       running: process {pulse.pid}, since 20" in told
    assert "rows        5 of 20 accepted · 83% of those that ended · 3 on their way" in told
    assert "pace        2.5 rows/s · about 6 s to go" in told
    assert "accounting  in 6 + children 0 = accepted 5 + rejected 1 + failed 0 + surplus 0" in told
    assert (machine["state"], machine["pulse"]["rows_per_s"]) == ("running", 2.5)


def test_money_of_which_nothing_is_known_is_not_shown_as_none(done: Work) -> None:
    told = done("status", "runs/a").out
    assert re.search(r"sent        6 requests, [\d,]+ tokens$", told, re.MULTILINE)


def test_a_run_that_was_cut_off_says_when(done: Work) -> None:
    pulse = publish(done.folder / "runs/a")
    told = done("status", "runs/a").out
    assert f"; process {pulse.pid} was cut off " in told
    assert "pace" not in told


def test_watching_ends_with_the_process_that_works_on_the_run(done: Work) -> None:
    folder = done.folder / "runs/a"
    pulse = publish(folder)
    journal = Journal(folder)
    seen = list(pulses(folder, pause=lambda: asyncio.run(journal.close())))
    assert seen == [pulse]


def test_watching_a_run_that_nobody_works_on_shows_its_status_once(done: Work) -> None:
    assert done("status", "runs/a", "--watch").out == done("status", "runs/a").out
    line = done("status", "runs/a", "--watch", "--json").out
    assert line.count("\n") == 1
    assert json.loads(line)["pulse"] is None


def test_a_run_writes_its_events_where_it_is_told_to(work: Work) -> None:
    assert work("run", "run.yaml", "--events", "e.jsonl", "--events-level", "rows").code == 0
    events = [json.loads(line) for line in (work.folder / "e.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["event"] for one in events] == ["run_started", *["row_ended"] * 6, "run_ended"]
    assert "sampling" not in json.dumps(events)


def test_standard_output_stays_the_result(work: Work) -> None:
    told = work("run", "run.yaml", "--events", "-")
    assert (told.code, told.out) == (2, "")
    assert "events cannot go to a standard stream" in told.err
    assert not (work.folder / "runs").exists()


def test_a_misspelt_level_of_events_is_told(work: Work) -> None:
    told = work("run", "run.yaml", "--events", "e.jsonl", "--events-level", "row")
    assert told.code == 2
    assert "'row' is not one of 'rows', 'calls'" in told.err


def test_retry_tells_its_events_too(done: Work) -> None:
    assert done("retry", "runs/a", "--events", "-").code == 2


def test_the_end_tells_what_the_run_took(work: Work) -> None:
    told = work("run", "run.yaml").out
    assert "requests  6 sent" in told
    assert "\n  time      " in told
    again = work("run", "run.yaml").out
    assert "requests" not in again
