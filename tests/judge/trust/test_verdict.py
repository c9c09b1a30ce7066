"""Whether a judge may rank, and the one message where it may not."""

from __future__ import annotations

import pytest

from support.judged import Voice, always_a, always_first, judged, oracle, pairs, silent, ties
from tanemaki.core.errors import SetupError
from tanemaki.judge.trust.compared import read_rows
from tanemaki.judge.trust.measure import Measured, measure
from tanemaki.judge.trust.verdict import Demands, trust


def of(n: int, voice: Voice) -> Measured:
    return measure(read_rows(judged(pairs(n), voice, "松")))


def test_a_fair_judge_may_rank() -> None:
    fair = trust(of(100, oracle()))
    fair.check()
    assert fair.may_rank
    assert [one.measured for one in fair.findings] == [
        "100 planted pairs",
        "same winner with places exchanged 100.0 % (96.3 to 100.0, n = 100)",
        "planted pairs settled 100.0 % (96.3 to 100.0, n = 100)",
        "settled pairs right 100.0 % (96.3 to 100.0, n = 100)",
    ]


@pytest.mark.parametrize("voice", [always_first, always_a])
def test_a_judge_that_says_the_same_in_every_call_is_refused_with_all_numbers(voice: Voice) -> None:
    """The embedded model of 135M parameters says A in every call."""
    refused = trust(of(60, voice))
    assert not refused.may_rank
    with pytest.raises(SetupError, match="the judge '松' may not rank: it fails 3 of 4 demands") as caught:
        refused.check()
    told = str(caught.value)
    assert "same winner with places exchanged 0.0 % (0.0 to 6.0, n = 60)" in told
    assert "60 planted pairs" in told
    assert "planted pairs settled 0.0 % (0.0 to 6.0, n = 60)" in told
    assert "settled pairs right: not measured, n = 0" in told


@pytest.mark.parametrize(("voice", "why"), [(ties, "tie 100 %"), (silent, "no_verdict 100 %")])
def test_a_judge_that_settles_nothing_is_refused_and_told_why(voice: Voice, why: str) -> None:
    refused = trust(of(60, voice))
    assert not refused.may_rank
    [settled] = [one for one in refused.findings if one.demand.startswith("planted pairs settled")]
    assert settled.measured.endswith(f"the others: {why}")


def test_too_few_planted_pairs_prove_nothing_however_right() -> None:
    few = trust(of(49, oracle()))
    assert [one.passed for one in few.findings] == [False, True, True, True]
    assert few.findings[0].measured == "49 planted pairs"
    assert trust(of(49, oracle()), Demands(min_planted=40)).may_rank


def test_low_probability_on_the_options_is_no_verdict() -> None:
    rows = judged(pairs(60), oracle())
    for row in rows:
        row["comparison"]["legal_mass"] = 0.08
    refused = trust(measure(read_rows(rows)))
    assert [one.measured for one in refused.findings if not one.passed] == [
        "probability on the legal options 0.080"
    ]


def test_the_lower_end_counts_and_not_the_share() -> None:
    """A judge at exactly the demand is not surely above it."""
    measured = of(80, oracle(0.2))
    share = measured.labels.right
    assert share.value is not None
    assert trust(measured, Demands(right=share.value)).findings[-1].passed is False
    assert trust(measured, Demands(right=share.low or 0)).findings[-1].passed
