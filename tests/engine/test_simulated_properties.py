"""The promises over drawn recipes in simulated time: latencies, faults, kills and limits of every kind, in seconds.

The clock is the loop's own and jumps, so that an hour of retries costs nothing; see ``support.simulated``.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.drawn import PARTS, Shape, Write, recipe_of
from support.runs import files, numbers, order_for
from support.simulated import Weather, content_of_body, copy_as_killed, execute_simulated
from tanemaki.config.schema import Limits, ModelSettings
from tanemaki.core.errors import LimitReached, ModelFault
from tanemaki.core.recipe import Recipe
from tanemaki.engine.opening import connect
from tanemaki.engine.retries import POLICIES
from tanemaki.run.report import Report

N_ROWS = 20
FAULTS: dict[ModelFault, float] = {"server": 0.08, "overloaded": 0.06, "timeout": 0.04, "malformed": 0.03}


@dataclass(frozen=True)
class Drawn:
    """One case."""

    recipe: Recipe
    seed: int
    rows: int | None
    concurrency: int
    latency_s: float
    stop_at: int
    """Requests of the run that is cut off by a limit."""
    kill_at_s: float
    poisoned: float


def _with_top(shape: Shape, at: int | None) -> Shape:
    return shape if at is None else [*shape[:at], "top", *shape[at:]]


_shapes: st.SearchStrategy[Shape] = st.recursive(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=4),
    lambda inner: st.lists(inner | st.sampled_from(PARTS), min_size=1, max_size=3),
    max_leaves=6,
)
recipes = st.builds(
    lambda shape, at, spread: recipe_of(_with_top(shape, at), spread=spread),
    _shapes,
    st.none() | st.integers(0, 4),
    st.booleans(),
)
cases = st.builds(
    Drawn,
    recipe=recipes,
    seed=st.integers(0, 99),
    rows=st.none() | st.integers(1, 12),
    concurrency=st.integers(1, 24),
    latency_s=st.sampled_from([0.01, 2.0, 600.0]),
    stop_at=st.integers(0, 60),
    kill_at_s=st.floats(0.005, 400.0),
    poisoned=st.sampled_from([0.0, 0.0, 0.1]),
)


def go(case: Drawn, folder: Path, weather: Weather, **more: Any) -> Report:
    limits = more.pop("limits", {})
    at = more.pop("at", None)
    allowed = Limits(failed_share=None, accepted_share=None, **limits)
    model = {"writer": ModelSettings(kind="scripted", file="-", concurrency=case.concurrency, retries=8)}
    order = order_for(
        case.recipe, numbers(N_ROWS), folder, weather, rows=case.rows, limits=allowed, settings=model, **more
    )
    return execute_simulated(order, at=at)


def journaled(folder: Path) -> list[str]:
    """Return the names of the requests whose replies are in the journal, as ``Weather`` names them."""
    if not (folder / "journal.sqlite").exists():
        return []
    db = connect(folder / "journal.sqlite", read_only=True)
    try:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'calls'").fetchone():
            return []
        return [
            content_of_body(json.loads(request)) for (request,) in db.execute("SELECT request FROM calls")
        ]
    finally:
        db.close()


def hold_the_promises(case: Drawn) -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        calm = Weather(case.seed, latency_s=(0.0, 0.0), poisoned=case.poisoned)
        whole = go(case, base / "whole", calm)
        assert whole.accounting.balances
        assert case.rows is not None or whole.accounting.roots == N_ROWS
        _in_a_storm(case, base)
        _cut_off_by_requests(case, base)
        _cut_off_by_time(case, base)


MOST_FAULTS = min(POLICIES[fault].tries for fault in FAULTS)
"""So many faults of one request are forgiven, whatever their class: more of one class would rightly fail the row."""


def storm(case: Drawn) -> Weather:
    latency_s = (0.001, case.latency_s)
    return Weather(
        case.seed, latency_s=latency_s, faults=FAULTS, most_faults=MOST_FAULTS, poisoned=case.poisoned
    )


def _in_a_storm(case: Drawn, base: Path) -> None:
    """Latencies, faults and a kill change no byte, and no reply that the journal holds is paid again."""
    weather = storm(case)
    at = {case.kill_at_s: lambda: copy_as_killed(base / "storm", base / "killed")}
    go(case, base / "storm", weather, at=at)
    assert files(base / "storm") == files(base / "whole")
    assert weather.most_in_flight <= case.concurrency
    held = journaled(base / "killed")
    assert len(held) == len(set(held))
    second = storm(case)
    report = go(case, base / "killed", second)
    assert report.accounting.balances
    assert files(base / "killed") == files(base / "whole")
    assert not set(held) & {one.name for one in second.seen}, "a journaled reply was paid again"


def _cut_off_by_requests(case: Drawn, base: Path) -> None:
    """The limit is never passed by one request, tries included, and the run goes on from there to the same bytes."""
    first, second = storm(case), storm(case)
    try:
        go(case, base / "cut", first, limits={"requests": case.stop_at})
    except LimitReached:
        assert len(first.seen) == case.stop_at
    assert len(first.seen) <= case.stop_at
    held = journaled(base / "cut")
    go(case, base / "cut", second)
    assert not set(held) & {one.name for one in second.seen}, "a journaled reply was paid again"
    assert files(base / "cut") == files(base / "whole")


def _cut_off_by_time(case: Drawn, base: Path) -> None:
    """Nothing is sent after the time is up, and what was in flight is waited for half a minute."""
    weather = storm(case)
    minutes = case.kill_at_s / 60
    with suppress(LimitReached):
        go(case, base / "timed", weather, limits={"minutes": minutes})
    assert all(one.at_s <= case.kill_at_s + 1e-6 for one in weather.seen)
    go(case, base / "timed", storm(case))
    assert files(base / "timed") == files(base / "whole")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases)
def test_weather_kills_and_limits_change_no_byte(case: Drawn) -> None:
    hold_the_promises(case)


@pytest.mark.long
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=cases)
def test_the_same_over_many_cases(case: Drawn) -> None:
    hold_the_promises(case)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 999), n_steps=st.integers(1, 4), long_s=st.sampled_from([5.0, 3600.0]))
def test_no_record_waits_for_another_one(seed: int, n_steps: int, long_s: float) -> None:
    """No barrier (promise 5): with room for all, a step begins when its own inputs are there, whatever the others do."""
    steps = tuple(Write("question" if not n else f"w{n - 1}", f"w{n}") for n in range(n_steps))
    recipe = Recipe(needs=("question",), steps=steps, name="chain")
    weather = Weather(seed, latency_s=(1.0, long_s))
    case = Drawn(recipe, seed, None, 64, long_s, 0, 0.0, 0.0)
    with tempfile.TemporaryDirectory() as name:
        go(case, Path(name) / "r", weather)
    for one in weather.seen:
        inputs = one.text.partition(" ")[2]
        assert one.at_s - weather.answered_at.get(inputs, 0.0) < 0.1
    assert len(weather.seen) >= N_ROWS
