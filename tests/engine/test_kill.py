"""Promise 2: killed at any instant and started again, a run loses no reply and writes the same bytes.

A call is in flight from its sending until its reply is durable, which is at most one group commit after its arrival.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support import killed_run
from support.runs import dataset, files
from support.server import Server
from tanemaki.core.seeding import Draw
from tanemaki.engine.opening import connect

KILLS_PER_RUN = 5


def content(body: dict[str, Any]) -> str:
    return json.dumps([body["messages"], body["seed"]], ensure_ascii=False)


def start(folder: Path, url: str, rows: int, workers: int) -> subprocess.Popen[str]:
    command = [sys.executable, killed_run.__file__, str(folder), url, str(rows), str(workers)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def journaled(folder: Path) -> set[str]:
    if not (folder / "journal.sqlite").exists():
        return set()
    db = connect(folder / "journal.sqlite", read_only=True)
    try:
        return {content(json.loads(request)) for (request,) in db.execute("SELECT request FROM calls")}
    except sqlite3.OperationalError as error:  # killed before the tables were made
        if "no such table" in str(error):
            return set()
        raise
    finally:
        db.close()


def kill_again_and_again(
    folder: Path, rows: int, draw: Draw, n_ideal: int, workers: int
) -> tuple[list[str], list[int]]:
    """Return what the server saw in all, and how many calls each kill caught before they were durable."""
    caught: list[int] = []
    held: set[str] = set()
    with Server(latency_s=(0.0, 0.02)) as server:
        for kill in range(KILLS_PER_RUN):
            n_before = len(server.captured)
            more = 1 + draw.below(n_ideal // KILLS_PER_RUN)
            if workers:  # they are at work when the second half of the requests is sent
                more = max(1, n_ideal * (5 + kill) // 10 + draw.below(n_ideal // 10) - len(held))
            until = n_before + more
            process = start(folder, server.url, rows, workers)
            pause = threading.Event()
            while process.poll() is None and len(server.captured) < until:
                pause.wait(draw.uniform() * 0.01)
            process.kill()
            process.communicate()
            asked = {content(body) for body in server.captured[n_before:]}
            assert not asked & held, "a reply in the journal was paid again"
            held = journaled(folder)
            caught.append(len(asked - held))
        n_before = len(server.captured)
        killed_run.work(folder, server.url, rows or None, workers=min(workers, 1))
        assert not held & {content(body) for body in server.captured[n_before:]}, (
            "a reply in the journal was paid again"
        )
        return [content(body) for body in server.captured], caught


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10, 30))
def test_a_hundred_kills_more(seed: int, tmp_path: Path) -> None:
    assert hold_through_kills(seed, 25 * (seed % 2), tmp_path) >= KILLS_PER_RUN


@pytest.mark.parametrize(("seed", "rows"), [(0, 0), (1, 0), (2, 25), (3, 25)])
def test_twenty_kills_change_no_byte_and_send_again_only_what_was_in_flight(
    seed: int, rows: int, tmp_path: Path
) -> None:
    assert hold_through_kills(seed, rows, tmp_path) >= KILLS_PER_RUN


@pytest.mark.long
@pytest.mark.parametrize("seed", range(30, 40))
def test_fifty_kills_of_runs_with_three_workers(seed: int, tmp_path: Path) -> None:
    assert hold_through_kills(seed, 25 * (seed % 2), tmp_path, workers=3) >= KILLS_PER_RUN


def test_five_kills_of_a_run_with_three_workers_change_no_byte(tmp_path: Path) -> None:
    assert hold_through_kills(4, 0, tmp_path, workers=3) >= KILLS_PER_RUN


def hold_through_kills(seed: int, rows: int, tmp_path: Path, workers: int = 0) -> int:
    """Return how many kills there were."""
    with Server(latency_s=(0.0, 0.02)) as server:
        killed_run.work(tmp_path / "whole", server.url, rows or None)
        ideal = [content(body) for body in server.captured]
    assert len(set(ideal)) == len(ideal)
    seen, caught = kill_again_and_again(tmp_path / "killed", rows, Draw("kill", seed), len(ideal), workers)
    assert files(tmp_path / "killed") == files(tmp_path / "whole")
    assert len(dataset(tmp_path / "killed")) >= 25
    assert len(seen) - len(set(seen)) <= sum(caught)
    twice = Counter(seen)
    assert max(twice.values()) <= KILLS_PER_RUN + 1
    if not rows:
        assert set(seen) == set(ideal)
    return len(caught)
