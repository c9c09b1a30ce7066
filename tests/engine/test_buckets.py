"""Requests and tokens per minute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanemaki.engine.buckets import Bucket, Buckets


@given(
    per_minute=st.integers(1, 3000),
    waits=st.lists(st.floats(0, 20, allow_nan=False), min_size=1, max_size=300),
)
def test_no_minute_sees_more_than_was_stated(per_minute: int, waits: list[float]) -> None:
    bucket, now = Bucket(per_minute), 0.0
    taken: list[float] = []
    for wait in waits:
        now += wait
        while len(taken) < 20_000 and bucket.take(1, now):
            taken.append(now)
    for i, start in enumerate(taken):
        assert sum(at < start + 60 for at in taken[i:]) <= per_minute + 1e-6 or per_minute == 1


@given(amounts=st.lists(st.integers(1, 5000), min_size=1, max_size=60), per_minute=st.integers(100, 20_000))
def test_waiting_as_long_as_it_says_is_enough_and_no_less_will_do(
    amounts: list[int], per_minute: int
) -> None:
    bucket, now = Bucket(per_minute), 0.0
    for amount in amounts:
        wait = bucket.wait_s(amount, now)
        if wait > 0.01:
            assert not bucket.take(amount, now + wait * 0.99 - 0.005)
        now += wait + 1e-6
        assert bucket.take(amount, now)


def test_a_steady_stream_gets_nine_tenths_of_what_was_stated() -> None:
    bucket, n = Bucket(600), 0
    for tick in range(6000):
        n += bucket.take(1, tick * 0.1)
    assert 5400 <= n <= 6000


def test_a_request_larger_than_the_bucket_goes_out_when_it_is_full_and_is_waited_for_after() -> None:
    bucket = Bucket(1200)
    assert bucket.take(600, 0.0)
    assert not bucket.take(1, 20.0)
    assert bucket.take(1, 30.0)


def test_what_a_reply_did_not_need_comes_back() -> None:
    both = Buckets.of(None, 1200)
    assert both is not None
    assert both.take(100, 0.0)
    assert both.wait_s(100, 0.0) > 0
    both.give_back(90)
    assert both.wait_s(90, 0.0) == 0


def test_a_request_that_was_never_sent_leaves_no_trace() -> None:
    both = Buckets.of(12, 1200)
    assert both is not None
    assert both.take(50, 0.0)
    assert not both.take(50, 0.0)
    both.give_back(50, was_sent=False)
    assert both.take(100, 0.0)


def test_a_request_waits_for_the_scarcer_of_both() -> None:
    both = Buckets.of(60, 60_000)
    assert both is not None
    for _ in range(5):
        assert both.take(10, 0.0)
    assert both.wait_s(10, 0.0) == pytest.approx(1.09, abs=0.01)


def test_nothing_stated_is_no_bucket() -> None:
    assert Buckets.of(None, None) is None
