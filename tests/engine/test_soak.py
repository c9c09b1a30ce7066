"""A soak: drawn recipes against a faulty server, killed, stopped, limited and cut off from power, again and again.

``make soak`` goes on for half an hour, ``make soak MINUTES=2`` for two minutes, ``SEED=…`` repeats a case that it named.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from support import soaked_run
from support.runs import files
from support.server import Server
from support.simulated import content_of_body
from support.soaked_run import Soaked
from tanemaki.core.seeding import Draw
from tanemaki.engine.calls import spent_so_far
from tanemaki.engine.opening import connect

FAULTS = {"429": 0.06, "500": 0.05, "reset": 0.04, "cut": 0.03, "hang": 0.01}
STARTS = 6
"""Disturbed starts of one run, before the last one that is left in peace."""


@dataclass
class Case:
    """One run and what is done to it."""

    seed: int
    folder: Path
    server: Server
    draw: Draw = field(init=False)
    limit: int | None = None
    is_limited: bool = False
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = Draw("case", self.seed)
        self.is_limited = self.draw.uniform() < 0.5

    def held(self) -> set[str]:
        """Return what the journal holds replies to."""
        if not (self.folder / "journal.sqlite").exists():
            return set()
        db = connect(self.folder / "journal.sqlite", read_only=True)
        try:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'rows'").fetchone():
                return set()
            return {
                content_of_body(json.loads(request)) for (request,) in db.execute("SELECT request FROM calls")
            }
        finally:
            db.close()

    def start(self, requests: int | None) -> subprocess.Popen[str]:
        said = {"requests": requests, "workers": self.draw.below(3), "concurrency": 1 + self.draw.below(24)}
        self.log.append(f"start {said}")
        command = [sys.executable, soaked_run.__file__, str(self.folder), self.server.url, str(self.seed)]
        pipes: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen([*command, json.dumps(said)], **pipes)


def disturb(case: Case, process: subprocess.Popen[str], until: int) -> None:
    """Wait until the server has seen so many requests, and then end the process in one of the ways there are."""
    pause = threading.Event()
    while process.poll() is None and len(case.server.captured) < until:
        pause.wait(0.002 + case.draw.uniform() * 0.01)
    way = case.draw.choose(("kill", "kill", "kill", "term", "int", "twice", "peace"))
    case.log.append(f"{way} at {len(case.server.captured)}")
    if way == "kill":
        process.kill()
    elif way != "peace":
        process.send_signal(signal.SIGTERM if way == "term" else signal.SIGINT)
        if way == "twice":
            pause.wait(0.05)
            process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    allowed = {0, 4, 130, -signal.SIGKILL, -signal.SIGINT, -signal.SIGTERM}
    assert process.returncode in allowed, f"{process.returncode}: {err}"
    was_late = (
        "KeyboardInterrupt" in err
    )  # a Ctrl-C before the first or after the last moment of the run itself
    assert "Traceback" not in err or was_late, err


def cut_power(case: Case) -> None:
    """Now and then, what the disk had not yet is lost: the write-ahead file loses its end."""
    wal = case.folder / "journal.sqlite-wal"
    if not wal.exists() or case.draw.uniform() > 0.3:
        return
    size = wal.stat().st_size
    left = size - case.draw.below(max(1, size // 4))
    os.truncate(wal, left)
    case.log.append(f"wal {size} cut to {left}")


def soak(case: Case) -> None:
    """Take one run through everything; the promises are asserted after each start."""
    held: set[str] = set()
    for _ in range(STARTS):
        n_before = len(case.server.captured)
        if case.is_limited:
            case.limit = (case.limit or 0) + case.draw.below(30)
        disturb(case, case.start(case.limit), n_before + 1 + case.draw.below(40))
        asked = {content_of_body(body) for body in case.server.captured[n_before:]}
        assert not asked & held, "a journaled reply was paid again"
        if case.is_limited:
            assert len(case.server.captured) <= (case.limit or 0), "the limit was passed"
        else:
            cut_power(case)
        held = case.held()
    n_before = len(case.server.captured)
    process = case.start(None)
    _, err = process.communicate(timeout=300)
    assert process.returncode in (0, 4), f"{process.returncode}: {err}"
    assert not {content_of_body(body) for body in case.server.captured[n_before:]} & held
    if case.is_limited:
        assert_charged(case)


def assert_charged(case: Case) -> None:
    db = connect(case.folder / "journal.sqlite", read_only=True)
    try:
        assert spent_so_far(db).requests >= len(case.server.captured)
    finally:
        db.close()


def run_case(seed: int, base: Path) -> None:
    """Run one case, and compare with a run that was left in peace."""
    with Server(latency_s=(0.0, 0.03), faults=FAULTS, faults_once=True, seed=seed) as server:
        case = Case(seed, base / "soaked", server)
        try:
            soak(case)
            with Server() as calm:
                soaked_run.start(
                    base / "whole", calm.url, seed, {"requests": None, "workers": 0, "concurrency": 8}
                )
            assert files(base / "soaked") == files(base / "whole")
        except BaseException as error:
            shape = [spec.name for spec in Soaked.of(seed).recipe.specs]
            error.add_note(f"make soak SEED={seed}  steps {shape}\n" + "\n".join(case.log))
            raise


@pytest.mark.long
def test_drawn_runs_keep_the_promises_whatever_is_done_to_them(tmp_path: Path) -> None:
    minutes = float(os.environ.get("MINUTES", "1"))
    first = int(os.environ.get("SEED", "0")) or time.time_ns() % 10**9
    ends = time.monotonic() + minutes * 60
    n_done = 0
    while not n_done or (time.monotonic() < ends and "SEED" not in os.environ):
        run_case(first + n_done, tmp_path / str(n_done))
        n_done += 1
    assert n_done > 0
    sys.stderr.write(f"\n{n_done} runs, from SEED={first}\n")
