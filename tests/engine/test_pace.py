"""A pace against servers with an unknown number of slots, in simulated time."""

from __future__ import annotations

import math

import pytest

from support.slots import Queueing
from tanemaki.core.seeding import Draw
from tanemaki.engine.cohort import Cohort, knee
from tanemaki.engine.pace import Pace

FOUND_S = 10
"""Seconds in which the pace is to find what a server takes, at a median of 1 s."""
END_S = 40
GOOD = 0.9
"""Share of the best fixed limit's throughput that counts as good."""


def share_of_best(server: Queueing, slots: int, *, sigma: float, seed: int) -> float:
    """Return throughput from 10 to 40 s over that of a limit that knows the slots."""
    best = Queueing(Pace(fixed=slots), slots, sigma=sigma, seed=seed)
    best.run(END_S)
    return server.rate(FOUND_S, END_S) / best.rate(FOUND_S, END_S)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("sigma", [0.0, 0.5])
@pytest.mark.parametrize("slots", [16, 64, 512])
def test_the_throughput_of_the_best_fixed_limit_is_found_in_10_s_and_the_queue_stays_short(
    slots: int, sigma: float, seed: int
) -> None:
    server = Queueing(Pace(), slots, sigma=sigma, seed=seed)
    server.run(END_S)
    limits = server.limits_between(FOUND_S, END_S)
    assert share_of_best(server, slots, sigma=sigma, seed=seed) >= GOOD
    assert sum(limits) / len(limits) <= 2 * slots


@pytest.mark.parametrize("slots", [16, 64, 512])
def test_replies_of_very_different_length_do_not_mislead_it(slots: int) -> None:
    """Sixteen slots give a hundred replies in 10 s, and at this sigma their mean is off by a tenth: hence several seeds."""
    shares, means = [], []
    for seed in range(6):
        server = Queueing(Pace(), slots, sigma=1.0, seed=seed)
        server.run(END_S)
        limits = server.limits_between(FOUND_S, END_S)
        shares.append(share_of_best(server, slots, sigma=1.0, seed=seed))
        means.append(sum(limits) / len(limits) / slots)
    assert sum(shares) / len(shares) >= GOOD
    assert min(shares) >= 0.5
    assert sum(means) / len(means) <= 2


@pytest.mark.parametrize(("slots", "n_seeds"), [(16, 24), (64, 24), (512, 12)])
def test_from_10_s_on_the_slots_are_worked_and_the_queue_is_a_slot_count_at_most_in_most_runs(
    slots: int, n_seeds: int
) -> None:
    """The twelve seconds that are measured, with log-normal replies of sigma 1, whose mean one in ten of them moves."""
    worked, queued = [], []
    for seed in range(100, 100 + n_seeds):
        server = Queueing(Pace(), slots, sigma=1.0, seed=seed)
        server.run(FOUND_S + 12)
        worked.append(server.worked(FOUND_S, FOUND_S + 12, slots))
        queued.append(server.most_queued(FOUND_S, FOUND_S + 12, slots) / slots)
    assert sum(worked) / n_seeds >= 0.95
    assert sum(share >= GOOD for share in worked) >= 0.9 * n_seeds
    assert sum(queue <= 1 for queue in queued) >= 0.9 * n_seeds


@pytest.mark.parametrize("sigma", [0.0, 0.5, 1.0])
def test_a_server_that_loses_half_its_slots_is_followed(sigma: float) -> None:
    server = Queueing(Pace(), lambda now: 64 if now < 30 else 32, sigma=sigma)
    server.run(120)
    before, after = server.limits_between(20, 30), server.limits_between(90, 120)
    assert server.rate(90, 120) >= GOOD * 32 / math.exp(sigma**2 / 2)
    assert sum(after) / len(after) <= min(2.5 * 32, 0.8 * sum(before) / len(before))


@pytest.mark.parametrize("sigma", [0.0, 0.5, 1.0])
def test_a_server_that_gets_twice_its_slots_is_followed(sigma: float) -> None:
    server = Queueing(Pace(), lambda now: 64 if now < 30 else 128, sigma=sigma)
    server.run(100)
    assert server.rate(60, 100) >= GOOD * 128 / math.exp(sigma**2 / 2)
    assert max(server.limits_between(60, 100)) <= 2.5 * 128


@pytest.mark.parametrize("factor", [1 / 3, 3.0])
def test_a_server_that_gets_slower_or_faster_stays_full(factor: float) -> None:
    server = Queueing(Pace(), 64, sigma=0.5, median_s=lambda now: 1.0 if now < 30 else factor)
    server.run(120)
    assert server.rate(60, 120) >= GOOD * 64 / factor / math.exp(0.125)
    assert max(server.limits_between(90, 120)) <= 2.5 * 64


@pytest.mark.parametrize("sigma", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("slots", [16, 100, 512])
def test_a_server_that_refuses_is_kept_nearly_full_with_few_refusals(slots: int, sigma: float) -> None:
    server = Queueing(Pace(), slots, sigma=sigma, refuses=True)
    server.run(60)
    assert server.rate(20, 60) >= GOOD * slots / math.exp(sigma**2 / 2)
    assert server.n_refused <= 0.2 * len(server.replies)


def test_too_little_work_teaches_nothing_and_the_climb_goes_on_when_there_is_more() -> None:
    pace = Pace()
    server = Queueing(pace, 64, sigma=0.5, demand=lambda now: 20 if now < 60 else math.inf)
    server.run(60)
    assert set(server.limits_between(0, 60)) == {32}
    server.run(110)
    assert server.rate(80, 110) >= GOOD * 64 / math.exp(0.125)


def test_too_little_work_does_not_lower_a_limit_that_was_found() -> None:
    pace = Pace()
    server = Queueing(pace, 512, demand=lambda now: math.inf if now < 20 or now > 60 else 20)
    server.run(25)
    found = pace.upper
    server.run(60)
    assert pace.upper == found
    server.run(100)
    assert server.rate(70, 100) >= GOOD * 512


def test_a_limit_that_the_user_set_stands() -> None:
    server = Queueing(Pace(fixed=7), 64, sigma=1.0)
    server.run(60)
    assert set(server.limits_between(0, 60)) == {7}


def test_the_limit_never_passes_what_the_system_allows() -> None:
    server = Queueing(Pace(most=100), 512)
    server.run(40)
    assert max(server.limits_between(0, 40)) <= 100
    assert server.rate(10, 40) >= GOOD * 100


def outcomes(pace: Pace, n: int, refused: float, retry_after_s: float | None = None) -> float:
    """Let n requests end, a share of them refused; return the time."""
    for i in range(n):
        now = 0.05 * i
        cohort = pace.sent(20, now)
        if Draw("outcomes", i).uniform() < refused:
            if cohort is not None:
                cohort.lose(20, now)
            pace.refused(20, now, now + 0.05, retry_after_s)
        else:
            pace.arrived(cohort, now, now + 0.05)
    return 0.05 * n


def test_stray_refusals_neither_cut_the_limit_nor_stop_the_endpoint() -> None:
    pace = Pace()
    outcomes(pace, 2000, refused=0.02, retry_after_s=1.0)
    assert pace.paused_until == 0.0
    assert pace.upper >= 32


def test_where_refusals_are_the_rule_retry_after_holds_for_the_whole_endpoint() -> None:
    pace = Pace(fixed=32)
    now = outcomes(pace, 200, refused=0.8, retry_after_s=7.0)
    assert now + 5 <= pace.paused_until <= now + 7.05


def test_a_first_answer_that_refuses_stops_the_endpoint_for_as_long_as_it_asks() -> None:
    pace = Pace()
    pace.refused(1, 0.0, 0.1, retry_after_s=3.0)
    assert pace.paused_until == pytest.approx(3.1)


def test_refusals_of_one_round_trip_cut_the_limit_once() -> None:
    pace = Pace()
    for n in range(1, 33):
        pace.sent(n, 0.0)
    for n in range(32, 20, -1):
        pace.refused(n, 0.0, 1.0)
    assert pace.upper >= 0.8 * 20


def test_the_knee_is_where_latency_begins_to_rise_with_the_load() -> None:
    def cohort(load: int, latency_s: float) -> Cohort:
        one = Cohort(40)
        for _ in range(40):
            one.send(load, 0.0)
        for _ in range(40):
            one.arrive(0.0, latency_s)
        return one

    found = knee([cohort(8, 1.0), cohort(16, 1.0), cohort(32, 2.0), cohort(64, 4.0)], now=9.0)
    assert found.n == pytest.approx(16, rel=0.05)
    assert knee([cohort(8, 1.0), cohort(64, 1.0)], now=9.0).n == pytest.approx(64, rel=0.02)


def test_a_long_reply_does_not_hide_that_all_of_them_waited() -> None:
    def cohort(load: int, latencies: list[float]) -> Cohort:
        one = Cohort(len(latencies))
        for latency in latencies:
            one.send(load, 0.0)
            one.arrive(0.0, latency)
        return one

    alone = [0.2, 0.4, 0.6, 0.8, 1.2, 1.6, 2.4, 20.0] * 4
    waited = [0.8 + latency for latency in alone[:-1]] + [2.0]
    assert knee([cohort(16, alone), cohort(48, waited)], now=30.0).evidence > 0


def test_a_cohort_tells_nothing_as_long_as_its_quicker_half_may_be_on_the_way() -> None:
    one = Cohort(4)
    for start in (0.0, 0.0, 0.9, 0.9):
        one.send(10, start)
    one.arrive(0.0, 0.5)
    assert not one.is_told(1.0)
    one.arrive(0.0, 1.0)
    assert not one.is_told(1.5)
    assert one.is_told(2.0)


def test_a_young_cohort_whose_quick_replies_came_first_is_not_taken_for_a_quick_one() -> None:
    one = Cohort(100)
    for _ in range(100):
        one.send(10, 0.0)
    for i in range(60):
        one.arrive(0.0, 0.5 + i / 100)
    assert one.mean_s(1.1, memoryless=1.0) > 1.2
    assert one.latency_s / one.n_back < 0.9
