"""Ctrl-C once lets arrive what is in flight; twice cuts it off, and nothing is left running behind. In simulated time."""

from __future__ import annotations

import gc
import logging
import os
import signal
from pathlib import Path

import pytest

from support.drawn import recipe_of
from support.runs import files, numbers, order_for
from support.simulated import Weather, execute_simulated
from tanemaki.engine.opening import connect

PAIR = recipe_of(["pair", "write"])


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def n_calls(folder: Path) -> int:
    db = connect(folder / "journal.sqlite", read_only=True)
    try:
        return int(db.execute("SELECT count(*) FROM calls").fetchone()[0])
    finally:
        db.close()


def test_once_sends_nothing_more_and_keeps_what_arrives(tmp_path: Path) -> None:
    weather = Weather(latency_s=(1.0, 60.0))
    report = execute_simulated(order_for(PAIR, numbers(40), tmp_path / "r", weather), at={20.0: interrupt})
    assert report.state == "stopped"
    assert 20 < max(weather.answered_at.values()) <= 80
    assert all(one.at_s <= 20.0 for one in weather.seen)
    assert len(weather.seen) == len(weather.answered_at) == n_calls(tmp_path / "r")


def test_twice_cuts_off_side_by_side_steps_too_and_leaves_nothing_running(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    weather = Weather(latency_s=(1.0, 900.0), faults={"server": 0.3})
    order = order_for(PAIR, numbers(40), tmp_path / "r", weather)
    with caplog.at_level(logging.ERROR, logger="asyncio"):
        report = execute_simulated(order, at={100.0: interrupt, 101.0: interrupt})
        gc.collect()
    assert report.state == "stopped"
    assert weather.in_flight == 0
    assert max(weather.answered_at.values()) <= 101.0
    assert caplog.records == []
    execute_simulated(order_for(PAIR, numbers(40), tmp_path / "r", Weather(latency_s=(0.0, 1.0))))
    execute_simulated(order_for(PAIR, numbers(40), tmp_path / "whole", Weather(latency_s=(0.0, 1.0))))
    assert files(tmp_path / "r") == files(tmp_path / "whole")
