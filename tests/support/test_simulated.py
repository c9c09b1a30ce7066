"""The simulated loop: time passes in the right order, costs nothing, and a deadlock is told."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from support.runs import Captured, echo, files, numbers, order_for, run
from support.simulated import Stuck, Weather, copy_as_killed, execute_simulated, let_pass, simulate
from support.steps import answer
from tanemaki.core.recipe import Recipe

ONE = Recipe(needs=("question",), steps=(answer,), name="one")


def test_sleepers_wake_in_order_and_a_day_costs_no_time() -> None:
    woken: list[tuple[int, float]] = []

    async def sleep(hours: int) -> None:
        await let_pass(hours * 3600, None)
        woken.append((hours, asyncio.get_running_loop().time()))

    async def all_of_them() -> None:
        await asyncio.gather(*(sleep(hours) for hours in (7, 48, 1)))

    before = time.monotonic()
    simulate(all_of_them)
    assert woken == [(1, 3600), (7, 7 * 3600), (48, 48 * 3600)]
    assert time.monotonic() - before < 5


def test_work_in_a_thread_takes_no_simulated_time() -> None:
    async def work() -> tuple[float, str]:
        loop = asyncio.get_running_loop()
        timer = asyncio.create_task(let_pass(10, "later"))
        await loop.run_in_executor(None, time.monotonic_ns)
        return loop.time(), await timer

    assert simulate(work) == (0.0, "later")


def test_a_deadlock_is_told() -> None:
    async def wait() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(Stuck, match="nobody can go on"):
        simulate(wait)


def test_a_callback_comes_when_its_time_has() -> None:
    seen: list[float] = []

    async def work() -> None:
        await let_pass(5, None)

    simulate(work, at={3.0: lambda: seen.append(asyncio.get_running_loop().time())})
    assert seen == [3.0]


def test_a_run_in_simulated_time_writes_the_same_bytes_as_one_in_real_time(tmp_path: Path) -> None:
    run(ONE, numbers(40), tmp_path / "real", Captured(echo))
    weather = Weather(latency_s=(60.0, 600.0), faults={"server": 0.1, "overloaded": 0.1})
    loop_s: list[float] = []
    report = execute_simulated(
        order_for(ONE, numbers(40), tmp_path / "simulated", weather),
        at={90.0: lambda: loop_s.append(asyncio.get_running_loop().time())},
    )
    assert report.accounting.accepted == 40
    assert loop_s == [90.0]
    assert weather.seen[-1].at_s > 60
    assert len(weather.seen) > 40
    assert files(tmp_path / "simulated") == files(tmp_path / "real")


def test_what_a_kill_leaves_is_gone_on_with(tmp_path: Path) -> None:
    first = Weather(latency_s=(1.0, 100.0))
    execute_simulated(
        order_for(ONE, numbers(40), tmp_path / "whole", first),
        at={50.0: lambda: copy_as_killed(tmp_path / "whole", tmp_path / "killed")},
    )
    second = Weather(latency_s=(1.0, 100.0))
    execute_simulated(order_for(ONE, numbers(40), tmp_path / "killed", second))
    assert 0 < len(second.seen) < 40
    assert files(tmp_path / "killed") == files(tmp_path / "whole")
