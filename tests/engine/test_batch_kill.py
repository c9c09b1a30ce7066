"""Killed at any point of its talk with the batch interface, a run sends no request in two batches and writes the same bytes.

The process kills itself (SIGKILL) before or after the n-th exchange: upload, making, looking after, fetching of replies.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from support import batched
from support.runs import files
from support.server import Server
from tanemaki.run.execute import execute

N_EXCHANGES = 12
"""Two batches, each uploaded, made, looked after three times and fetched."""


def killed_at(folder: Path, url: str, point: int) -> None:
    command = [sys.executable, batched.__file__, str(folder), url, str(point)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def hold(points: list[int], tmp_path: Path) -> int:
    """Kill a run once at each point, each start going on where the last was killed; return in how many batches it ended."""
    with Server() as server:
        execute(batched.dying_order(tmp_path / "whole", server.url, -1))
        assert server.service.batches.calls["GET /batches"] == 0
    with Server() as server:
        for point in points:
            killed_at(tmp_path / "killed", server.url, point)
        report = execute(batched.dying_order(tmp_path / "killed", server.url, -1))
        batches = server.service.batches
        asked = Counter(str(line["body"]) for line in batches.requests)
        uploads = [file["about"]["filename"] for file in batches.files.values()]
        names = [name for name in uploads if name.startswith("tanemaki-")]
        made = [batch["input_file_id"] for batch in batches.batches.values()]
    assert report.state == "complete"
    assert max(asked.values()) == 1, "a request was in two batches"
    assert max(Counter(names).values()) == 1
    assert len(names) == len(made), "an orphaned file was left behind"
    assert files(tmp_path / "killed") == files(tmp_path / "whole")
    return len(made)


def test_an_undisturbed_run_has_as_many_exchanges_as_the_kills_below_go_through(tmp_path: Path) -> None:
    with Server() as server:
        execute(batched.dying_order(tmp_path, server.url, -1))
        assert sum(server.service.batches.calls.values()) == N_EXCHANGES
        assert len(server.service.batches.batches) == 2


@pytest.mark.parametrize(
    ("points", "where"),
    [
        ([0], "before the upload"),
        ([1], "between the upload and the making"),
        ([3], "between the making and its being journaled"),
        ([6], "while looking after it"),
        ([11], "after the fetching, before a reply is journaled"),
        ([15], "between the making of the second batch and its being journaled"),
        ([0, 1, 3, 2], "again and again"),
    ],
)
def test_a_kill_changes_no_byte_and_sends_nothing_twice(
    points: list[int], where: str, tmp_path: Path
) -> None:
    del where
    assert hold(points, tmp_path) == 2


@pytest.mark.long
@pytest.mark.parametrize("point", range(2 * N_EXCHANGES))
def test_every_point(point: int, tmp_path: Path) -> None:
    assert hold([point], tmp_path) == 2
