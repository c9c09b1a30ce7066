"""When a request is late and when it has timed out follows what other replies took."""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tanemaki.core.seeding import Draw
from tanemaki.engine.waiting import Hedging, Latencies, Waiting


def log_normal(n: int, median_s: float, sigma: float, seed: int = 0) -> list[float]:
    draw = Draw("latency", seed)
    return [median_s * math.exp(sigma * NormalDist().inv_cdf(draw.uniform() or 0.5)) for _ in range(n)]


def taught(latencies: list[float], timeout_s: float = 600) -> Waiting:
    waiting = Waiting(timeout_s)
    for latency_s in latencies:
        waiting.arrived(latency_s)
    return waiting


@given(some.lists(some.floats(0.001, 5000), min_size=1, max_size=200), some.floats(0.01, 1))
def test_a_quantile_is_that_of_the_sorted_list_to_a_bin(latencies: list[float], share: float) -> None:
    sketch = Latencies()
    for latency_s in latencies:
        sketch.add(latency_s)
    exact = sorted(latencies)[math.ceil(share * len(latencies) * (1 - 1e-9)) - 1]
    assert exact * 0.999 <= sketch.quantile(share) <= exact * 1.09


@pytest.mark.parametrize("latency_s", [0.0, 1e-9, 0.001, 1e5, 1e9])
def test_latencies_beyond_the_bins_fall_into_the_outermost(latency_s: float) -> None:
    sketch = Latencies()
    sketch.add(latency_s)
    assert 0.001 <= sketch.quantile(0.5) <= 9_000


def test_nothing_is_late_before_enough_replies_are_known() -> None:
    waiting = taught([0.2] * 49, timeout_s=120)
    assert waiting.late_after_s == math.inf
    assert waiting.timeout_s(1.0, is_silent=False) == 120
    waiting.arrived(0.2)
    assert waiting.late_after_s == pytest.approx(0.6, rel=0.1)


@pytest.mark.parametrize("median_s", [0.2, 1.0, 20.0])
def test_of_log_normal_latencies_fewer_than_one_in_a_hundred_are_late_and_none_times_out(
    median_s: float,
) -> None:
    waiting = taught(log_normal(2000, median_s, 1.0), timeout_s=math.inf)
    fresh = log_normal(5000, median_s, 1.0, seed=1)
    share = sum(latency_s > waiting.late_after_s for latency_s in fresh) / len(fresh)
    assert 0.0005 < share < 0.01
    assert max(fresh) < waiting.timeout_s(1.0, is_silent=False)


def test_equal_latencies_have_a_margin_and_a_floor() -> None:
    assert taught([0.05] * 64).late_after_s == pytest.approx(0.16, rel=0.1)
    assert taught([0.001] * 64).late_after_s == 0.1


@pytest.mark.parametrize("share", [0.005, 0.02, 0.04])
def test_requests_that_hang_do_not_drive_the_point_of_lateness_up(share: float) -> None:
    """A lost race teaches that its loser takes at least so long; that must not feed on itself."""
    waiting = taught([0.05] * 64)
    draw = Draw("hang", str(share))
    for _ in range(4000):
        if draw.uniform() < share:
            waiting.was_cut_off(waiting.late_after_s * 1.2)
        else:
            waiting.arrived(0.05)
    assert waiting.late_after_s < 0.2


def test_a_loser_that_was_cut_off_early_teaches_nothing() -> None:
    waiting = taught([1.0] * 64)
    for _ in range(500):
        waiting.was_cut_off(0.01)
    waiting.arrived(1.0)
    assert waiting.late_after_s == pytest.approx(3.0, rel=0.1)


def test_a_server_that_becomes_slower_is_followed_within_a_hundred_replies() -> None:
    waiting = taught([0.1] * 3000)
    for _ in range(100):
        waiting.arrived(4.0)
    assert waiting.late_after_s > 4.0


def test_a_server_that_becomes_faster_is_followed_when_the_old_is_forgotten() -> None:
    waiting = taught([4.0] * 1000)
    for _ in range(6000):
        waiting.arrived(0.1)
    assert waiting.late_after_s < 0.5


def test_the_time_limit_is_generous_never_short_and_never_above_the_run_files() -> None:
    waiting = taught([0.05] * 64)
    assert waiting.timeout_s(1.0, is_silent=False) == 10.0
    assert waiting.timeout_s(1.0, is_silent=True) == 30.0
    slow = taught([20.0] * 64)
    assert 300 < slow.timeout_s(1.0, is_silent=False) < 500
    assert taught([20.0] * 64, timeout_s=90).timeout_s(1.0, is_silent=True) == 90
    assert taught([0.05] * 64, timeout_s=3).timeout_s(1.0, is_silent=False) == 3


def test_a_time_out_doubles_the_limit_of_what_is_sent_after_it_once_for_many() -> None:
    waiting = taught([0.05] * 64)
    for _ in range(20):
        waiting.timed_out(10.0, 1.0)
    assert waiting.stretch == 2.0
    assert waiting.timeout_s(1.0, is_silent=False) == 10.0
    assert waiting.timeout_s(waiting.stretch, is_silent=False) == 20.0
    waiting.timed_out(20.0, 2.0)
    assert waiting.stretch == 4.0
    for _ in range(1000):
        waiting.arrived(0.05)
    assert waiting.stretch == 1.0


@given(some.floats(0, 0.2), some.lists(some.booleans(), max_size=300))
def test_hedges_keep_their_share(share: float, wishes: list[bool]) -> None:
    hedging = Hedging(share)
    for wish in wishes:
        hedging.n_sent += 1
        if wish and hedging.has_room:
            hedging.n_hedges += 1
            hedging.n_sent += 1
        assert hedging.n_hedges <= share * hedging.n_sent + 2
    if share == 0:
        assert hedging.n_hedges == 0
