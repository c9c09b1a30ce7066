"""Judges of known behaviour, and what is measured of them."""

from __future__ import annotations

import json

import pytest

from support.judged import Row, always_a, always_first, judged, oracle, pairs, prefers_longer, silent, ties
from tanemaki.core.errors import DataError
from tanemaki.judge.shares import wilson
from tanemaki.judge.trust.compared import read_rows
from tanemaki.judge.trust.measure import Measured, measure


def measured(rows: list[Row]) -> Measured:
    return measure(read_rows(rows))


def test_a_judge_that_always_says_the_first_place_verifies_nothing() -> None:
    found = measured(judged(pairs(100), always_first))
    order = found.order
    assert sum(row.decided for row in read_rows(judged(pairs(100), always_first))) == 0
    assert (order.place_consistency.value, order.toward_first.value, order.toward_second.value) == (
        0.0,
        1.0,
        0.0,
    )
    assert (order.name_consistency.value, order.toward_a.value) == (1.0, 0.0), "it follows places, not names"
    assert order.place_consistency.n == 100
    assert order.first_wins["asked"].value == 1.0
    assert order.first_wins["swapped"].value == 0.0
    assert {why: share.hits for why, share in found.reading.unsettled.items()} == {"order_dependent": 100}
    assert (found.labels.right.value, found.labels.settled.value) == (None, 0.0)


def test_a_judge_that_prefers_the_longer_answer_verifies_all_and_is_found_out_by_length() -> None:
    found = measured(judged(pairs(60, words=("短い。", "ずっと長い答えになります。")), prefers_longer))
    assert found.order.place_consistency.value == 1.0
    assert found.order.name_consistency.value == 1.0
    assert (found.length.longer_wins.value, found.length.longer_wins.n) == (1.0, 60)
    assert found.length.right_where_shorter_is_better.value == 0.0
    assert found.length.right_where_longer_is_better.value is None
    bands = {(band.at_least, band.below): band.longer_wins.n for band in found.length.by_ratio}
    assert bands == {(1.0, 1.1): 0, (1.1, 1.5): 0, (1.5, 2.0): 0, (2.0, None): 60}
    assert found.labels.found.value == 0.0


def test_length_bias_shows_where_better_answers_are_long_and_short_alike() -> None:
    """A judge that likes length is right where length and truth agree, and wrong where they do not."""
    long_better = pairs(30, words=("長くて正しい答えになります。", "短い。"))
    short_better = pairs(30, words=("短い。", "長くて誤った答えです。"))
    short_better = [{**row, "prompt": f"別の{row['prompt']}"} for row in short_better]
    liking = measured(judged(long_better + short_better, prefers_longer)).length
    fair = measured(judged(long_better + short_better, oracle())).length
    assert (liking.right_where_longer_is_better.value, liking.right_where_shorter_is_better.value) == (
        1.0,
        0.0,
    )
    assert (fair.right_where_longer_is_better.value, fair.right_where_shorter_is_better.value) == (1.0, 1.0)
    assert (liking.longer_wins.value, fair.longer_wins.value) == (1.0, 0.5)


def test_an_oracle_with_a_fifth_of_noise_has_the_precision_that_two_orders_promise() -> None:
    """Two verdicts right with 0.8 each: of those that agree, 0.64 / (0.64 + 0.04) are right."""
    rows = judged(pairs(2_000), oracle(0.2))
    two = [
        {**row, "comparison": {**row["comparison"], **both(row), "verdicts": row["comparison"]["verdicts"]}}
        for row in rows
    ]
    labels = measured(two).labels
    assert labels.right.low is not None
    assert labels.right.high is not None
    assert labels.right.low <= 0.64 / 0.68 <= labels.right.high
    assert labels.settled.low is not None
    assert labels.settled.high is not None
    assert labels.settled.low <= 0.68 <= labels.settled.high
    assert labels.kappa.value == pytest.approx(2 * 0.64 / 0.68 - 1, abs=0.03)


def both(row: Row) -> Row:
    """The score of the first two conditions alone."""
    winners = {one["winner"] for one in row["comparison"]["verdicts"] if one["condition"] != "renamed"}
    score = float(winners == {"first"}) if len(winners) == 1 else None
    return {"score": score, "why": None if score is not None else "order_dependent"}


def test_three_judges_are_told_apart() -> None:
    place = measured(judged(pairs(80), always_first)).order
    name = measured(judged(pairs(80), always_a)).order
    fair = measured(judged(pairs(80), oracle())).order
    assert (place.place_consistency.value, place.name_consistency.value) == (0.0, 1.0)
    assert (name.place_consistency.value, name.name_consistency.value) == (0.0, 0.0)
    assert (fair.place_consistency.value, fair.name_consistency.value) == (1.0, 1.0)
    assert (name.toward_a.value, name.toward_b.value, place.toward_a.value) == (1.0, 0.0, 0.0)
    wins = [round(name.first_wins[condition].value or 0, 3) for condition in ("asked", "swapped", "renamed")]
    assert wins == [1.0, 0.0, 0.0]


def test_all_ties_give_no_rate_and_no_crash() -> None:
    """Fault 25: all ties divided by zero. Here there is no rate, with n = 0."""
    found = measured(judged(pairs(20), ties))
    assert found.reading.ties.value == 1.0
    assert found.order.place_consistency.value == 1.0, "the same tie in both orders is the same verdict"
    assert {share.value for share in found.order.first_wins.values()} == {None}
    assert {share.n for share in found.order.first_wins.values()} == {0}
    assert (found.length.longer_wins.value, found.length.longer_wins.n) == (None, 0)
    assert (found.labels.right.value, found.labels.sensitivity.n) == (None, 0)
    assert found.labels.kappa.value == 0.0, "one word for every pair agrees with nothing beyond chance"
    assert found.own.difference is None
    assert {why: share.hits for why, share in found.reading.unsettled.items()} == {"tie": 20}


def test_what_could_not_be_read_is_counted_by_its_reason_and_never_a_tie() -> None:
    found = measured(judged(pairs(10), silent))
    assert (found.reading.read.value, found.reading.read.n) == (0.0, 30)
    assert {why: share.value for why, share in found.reading.unread.items()} == {"no_verdict": 1.0}
    assert (found.reading.ties.value, found.reading.ties.n) == (None, 0)
    assert found.order.place_consistency.n == 0


def test_a_verdict_that_turns_into_a_tie_leans_where_it_was() -> None:
    """A with the first order, a tie with the other: inconsistent, toward the first place."""
    rows = judged(pairs(4), lambda shown: "A" if shown.texts[0].startswith("正") else "C")
    order = measured(rows).order
    assert order.place_consistency.value == 0.0
    assert order.toward_first.value == 1.0


def test_noise_of_eight_repeats_has_its_error_bars() -> None:
    found = measured(judged(pairs(100), oracle(0.2), repeats=8)).noise
    by_name = {one.name: one for one in found.repeated}
    place = by_name["place_consistency"]
    assert (place.n_repeats, place.n_pairs) == (8, 100)
    # Two verdicts agree where both are right or both wrong: 0.64 + 0.04; 100 pairs have a deviation of about 0.047.
    assert place.mean == pytest.approx(0.68, abs=0.05)
    assert place.deviation == pytest.approx(0.047, abs=0.03)
    assert found.flips.value == pytest.approx(1 - 0.8**8 - 0.2**8, abs=0.12)
    steady = measured(judged(pairs(30), oracle(), repeats=3)).noise
    assert (steady.flips.value, {one.deviation for one in steady.repeated}) == (0.0, {0.0})
    once = measured(judged(pairs(30), oracle())).noise
    assert (once.flips.n, {one.deviation for one in once.repeated}) == (0, {None})


def test_a_judge_that_prefers_its_family_is_found_where_truth_is_known_and_where_sides_are_equal() -> None:
    equal = [
        {"prompt": f"同{k}", "first": f"甲{k}", "second": f"乙{k}", "label": "tie",
         "first_model": "Qwen/Qwen3-8B", "second_model": "llm-jp-4-8b"}
        for k in range(20)
    ]  # fmt: skip
    own_better = [
        {**row, "first_model": "qwen3", "second_model": "gemma-4", "label": "first"} for row in pairs(20)
    ]
    other_better = [
        {
            **row,
            "prompt": f"他{row['prompt']}",
            "first_model": "qwen3",
            "second_model": "gemma-4",
            "label": "second",
        }
        for row in pairs(20)
    ]
    rows = judged(equal + own_better + other_better, always_a, name="Qwen/Qwen3-30B-A3B")
    for row in rows:
        row["comparison"] = {"score": 1.0, "why": None, "verdicts": []}
    own = measured(rows).own
    assert (own.own_wins.value, own.own_wins.n) == (1.0, 60)
    assert (own.own_wins_where_equal.value, own.own_wins_where_equal.n) == (1.0, 20)
    assert (own.own_wins_where_other_is_better.value, own.difference) == (1.0, 1.0)
    strangers = measure(read_rows(rows), judge_family="claude").own
    assert (strangers.own_wins.n, strangers.difference) == (0, None)


def test_the_kinds_of_fault_are_counted_apart() -> None:
    facts = judged(pairs(6, kind="wrong_fact"), oracle())
    rude = judged(pairs(4, kind="rude"), oracle(1.0)) + judged(pairs(1, kind="rude"), ties)
    kinds = measured(facts + rude).labels.by_kind
    assert [(one.kind, one.found.hits, one.found.n, one.wrong.hits) for one in kinds] == [
        ("rude", 0, 5, 4),
        ("wrong_fact", 6, 6, 0),
    ]


def test_several_verdicts_on_one_prompt_are_not_so_many_independent_ones() -> None:
    once = measured(judged(pairs(50), oracle(0.3))).reading.read
    eight = measured(judged(pairs(50), oracle(0.3), repeats=8)).reading.read
    assert (once.n, eight.n) == (150, 1_200)
    assert once.low == eight.low == pytest.approx(wilson(50, 50).low)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"label": "frist"}, "the label of a compared row is none"),
        ({"comparison": {"score": 7, "why": None, "verdicts": []}}, "score lies from 0 to 1"),
    ],
)
def test_a_row_that_is_none_is_named_by_its_number(change: Row, told: str) -> None:
    rows = judged(pairs(2), oracle())
    with pytest.raises(DataError, match=told) as caught:
        read_rows([rows[0], {**rows[1], **change}])
    assert caught.value.where == "row 2"


def test_a_missing_column_and_rows_of_two_judges_are_refused() -> None:
    (row,) = judged(pairs(1), oracle())
    with pytest.raises(DataError, match="lacks the column 'second'"):
        read_rows([{name: row[name] for name in row if name != "second"}])
    with pytest.raises(DataError, match="lacks the column 'comparison'"):
        read_rows([{**row, "comparison": None}])
    with pytest.raises(DataError, match="those of one judge"):
        measured([row, {**row, "judge": "other"}])
    with pytest.raises(DataError, match="those of one judge"):
        measure(())


@pytest.mark.parametrize("text", ["", "ｶﾀｶﾅ", "ＡＢＣ", "😀👨‍👩‍👧", "混ぜた mixed 文", "長" * 100_000])
def test_any_text_may_be_an_answer(text: str) -> None:
    rows = [{"prompt": "問い", "first": text, "second": "短い答えです", "label": "first"}]
    found = measured(judged(rows, oracle()))
    assert found.labels.right.value == 1.0
    assert found.length.longer_wins.n == (len(text) != 6)


def test_a_comparison_may_be_json_text_as_parquet_holds_it() -> None:
    (row,) = judged(pairs(1), oracle())
    assert read_rows([{**row, "comparison": json.dumps(row["comparison"])}]) == read_rows([row])
