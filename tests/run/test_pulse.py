from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from support.runs import numbers, order_for
from tanemaki.config.schema import ModelSettings
from tanemaki.core.model import Reply, Request, Usage
from tanemaki.core.recipe import Recipe
from tanemaki.engine.lanes import Lane, Lanes
from tanemaki.engine.stats import Stats, named
from tanemaki.models import open_model
from tanemaki.models.scripted import Scripted
from tanemaki.run import look
from tanemaki.run.pulse import FILE, Gauge, Progress, Pulse, read_pulse
from tanemaki.run.rates import MOST_SAMPLES, Counts, Rates
from tanemaki.run.session import start


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def rates_of(*samples: tuple[float, float]) -> Rates:
    """Rates after so many accepted rows at these times."""
    clock = Clock()
    found = Rates(clock)
    for at_s, rows in samples:
        clock.at_s = at_s
        found.take(Counts(rows, rows, 2 * rows, 100 * rows, 10 * rows))
    return found


def test_a_rate_needs_two_points() -> None:
    assert rates_of((0, 0)).per_second() is None
    assert rates_of((0, 0)).seconds_to_go(10, "rows") is None


def test_counts_that_fall_are_another_runs_and_no_pace_below_nought() -> None:
    trial_then_run = rates_of((0, 0), (10, 60), (20, 0), (30, 20)).per_second()
    assert trial_then_run is not None
    assert trial_then_run.rows == 2.0
    assert rates_of((0, 0), (10, 60), (20, 0)).per_second() is None


def test_a_rate_is_that_of_the_last_seconds_and_not_of_the_whole_run() -> None:
    slow_then_fast = rates_of(
        *((s, s) for s in range(100)), *((s, 100 + 50 * (s - 100)) for s in range(100, 121))
    )
    rates = slow_then_fast.per_second()
    assert rates == Counts(50, 50, 100, 5000, 500)


def test_a_rate_of_rare_rows_is_taken_over_a_longer_time() -> None:
    one_in_half_a_minute = rates_of(*((s, s // 30) for s in range(0, 601, 5)))
    rates = one_in_half_a_minute.per_second()
    assert rates is not None
    assert rates.rows == pytest.approx(1 / 30, rel=0.25)


def test_the_time_to_go_jumps_less_than_the_pace() -> None:
    stumbling = rates_of(*((s, 10 * s) for s in range(60)), (75, 590), (76, 600))
    rates = stumbling.per_second()
    assert rates is not None
    assert rates.rows < 1
    assert stumbling.seconds_to_go(600, "rows") == pytest.approx(600 / (600 / 76), rel=0.3)


def test_rates_of_the_past_are_forgotten() -> None:
    found = rates_of(*((s, s) for s in range(MOST_SAMPLES + 100)))
    assert len(found._past) == MOST_SAMPLES


def test_samples_that_come_too_soon_are_passed_over() -> None:
    assert len(rates_of((0, 0), (0.1, 1), (0.4, 2), (0.5, 3))._past) == 2


def stats() -> Stats:
    found = Stats(wanted=100, accepted=40, rejected=9, failed=1, n_in=50, live=8)
    found.reasons["answer", "short"] = 9
    found.reasons["answer", "server"] = 1
    found.faults["overloaded"] = 3
    lanes = Lanes([Lane(Scripted([], name="a"), limit=8), Lane(Scripted([], name="a"), limit=4)])
    lanes.all[0].in_flight = 5
    found.lanes = {"writer": lanes}
    found.add_reply(100, 20, 0.5, lanes.all[0])
    found.batches = {"judge": 0, "writer": 12}
    return found


def test_a_pulse_goes_through_json_and_back() -> None:
    pulse = Gauge().read("running", stats())
    assert Pulse.from_json(json.loads(json.dumps(pulse.to_json()))) == pulse
    assert pulse.acceptance == 0.8


def test_a_pulse_tells_endpoints_reasons_and_what_is_out() -> None:
    pulse = Gauge().read("running", stats())
    assert [(one.name, one.in_flight, one.limit, one.n_replies) for one in pulse.endpoints] == [
        ("a", 5, 8, 1),
        ("a (2)", 0, 4, 0),
    ]
    assert pulse.reasons == [("answer", "short", 9), ("answer", "server", 1)]
    assert pulse.batches == {"writer": 12}
    assert (pulse.pid, pulse.cost_usd) == (os.getpid(), 0.5)


def test_before_the_models_are_open_there_is_no_pace() -> None:
    clock = Clock()
    gauge = Gauge(Rates(clock))
    found = stats()
    for clock.at_s in (0.0, 10.0, 20.0):
        found.accepted += 10
        assert gauge.read("opening the model", found).rows_per_s is None
    found.begin()
    clock.at_s, found.accepted = 30.0, 80
    gauge.read("running", found)
    clock.at_s, found.accepted = 40.0, 90
    pulse = gauge.read("running", found)
    assert (pulse.rows_per_s, pulse.eta_s) == (1.0, 10.0)
    assert gauge.read("stopping: waiting", found).eta_s is None


def test_a_run_without_a_wanted_number_goes_to_its_limit() -> None:
    clock = Clock()
    gauge = Gauge(Rates(clock))
    found = Stats(most_items=100)
    found.begin()
    gauge.read("running", found)
    clock.at_s, found.n_in = 10.0, 20
    assert gauge.read("running", found).eta_s == 40.0


def test_an_endpoint_is_named_without_user_password_and_path() -> None:
    settings = ModelSettings(endpoint="http://localhost:8000/v1", name="tane")
    model = open_model("writer", settings, Path())
    assert [name for name, _ in named(Lanes([Lane(model)]))] == ["localhost:8000"]


async def answer(question: str, *, writer: Any) -> str:
    return str((await writer(question)).text)


RECIPE = Recipe(steps=(answer,), needs=("question",), name="one")


def test_a_run_can_be_followed_from_elsewhere_while_it_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    seen: list[look.Status] = []

    def look_now() -> None:
        while read_pulse(folder) is None:  # written by another thread
            pass
        seen.append(look.status(folder))

    async def reply(request: Request) -> Reply:
        if not seen:
            await asyncio.to_thread(look_now)
        return Reply("答えです。", usage=Usage(7, 5))

    progress = Progress()
    start(order_for(RECIPE, numbers(3), folder, Scripted(reply), rows=2), progress=progress)
    assert seen[0].state == "running"
    pulse = seen[0].pulse
    assert pulse is not None
    assert (pulse.pid, pulse.at >= pulse.started_at) == (os.getpid(), True)
    assert read_pulse(folder) is None
    assert look.status(folder).pulse is None
    assert progress.stats.elapsed_s > 0


def test_what_a_killed_run_told_last_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    start(order_for(RECIPE, numbers(2), folder, Scripted({"番目": "答え"})))
    last = Gauge().read("running", stats())
    (folder / FILE).write_text(json.dumps(last.to_json()), encoding="utf-8")
    found = look.status(folder)
    assert (found.state, found.pulse) == ("complete", last)
    assert found.to_json()["pulse"]["phase"] == "running"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"phase": "running"}', '{"endpoints": [], "reasons": [], "faults": []}']
)
def test_a_pulse_of_another_version_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert read_pulse(tmp_path) is None
