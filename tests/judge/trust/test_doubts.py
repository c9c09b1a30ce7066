"""The queue of doubtful pairs: its order, and what a person brings back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from support.judged import Row, always_first, judged, oracle, pairs, prefers_longer, silent
from tanemaki.core.errors import DataError
from tanemaki.judge.trust.compared import Compared, pair_key, read_rows
from tanemaki.judge.trust.doubts import doubtful, queue_lines, read_decisions, with_decisions
from tanemaki.judge.trust.measure import measure


def rows_of(*judges: list[Row]) -> tuple[Compared, ...]:
    return read_rows([row for rows in judges for row in rows])


def test_pairs_that_nothing_speaks_against_are_not_in_the_queue() -> None:
    assert doubtful(rows_of(judged(pairs(10), oracle()))) == ()


def test_the_most_doubtful_pair_comes_first_with_its_reasons() -> None:
    given = pairs(4)
    sure, unsteady = judged(given[:1], oracle()), judged(given[1:2], always_first)
    unread = judged(given[2:3], silent)
    split = judged(given[3:], oracle(), "松") + judged(given[3:], oracle(1.0), "竹")
    near = {
        **judged(given[:1], oracle())[0],
        "prompt": "別",
        "comparison": {"score": 0.6, "why": None, "verdicts": [], "legal_mass": 0.1},
    }
    found = doubtful(rows_of(sure, unsteady, unread, split, [near]))
    by_prompt = {
        one.row.prompt: {name: round(part, 3) for name, part in one.reasons.items()} for one in found
    }
    assert by_prompt == {
        "別": {"low_margin": 0.8, "low_mass": 0.8},
        "問い1": {"order_dependent": 1.0},
        "問い2": {"no_verdict": 1.0},
        "問い3": {"disagreement": 0.5, "against_label": 0.5},
    }
    assert [round(one.doubt, 3) for one in found] == [1.6, 1.0, 1.0, 1.0]
    assert next(one for one in found if one.row.prompt == "問い3").said == {
        "松": given[3]["label"],
        "竹": {"first": "second", "second": "first"}[given[3]["label"]],
    }
    assert doubtful(rows_of([near], split, unread, unsteady, sure)) == found, (
        "the order of the rows changes nothing"
    )


def test_a_judge_that_is_settled_against_the_label_makes_a_pair_doubtful_and_a_tie_does_not() -> None:
    wrong = judged(pairs(1), oracle(1.0))
    assert [dict(one.reasons) for one in doubtful(rows_of(wrong))] == [{"against_label": 1.0}]
    assert doubtful(rows_of(judged(pairs(1, label="tie"), prefers_longer))) == ()


def filled(rows: tuple[Compared, ...], *changes: Mapping[str, Any]) -> list[str]:
    lines = [json.loads(line) for line in queue_lines(doubtful(rows))]
    return [
        json.dumps({**line, **change}, ensure_ascii=False)
        for line, change in zip(lines, changes, strict=True)
    ]


def test_decisions_come_back_with_who_made_them_and_count_before_the_label() -> None:
    source = judged(pairs(4), always_first)
    rows = read_rows(source)
    other = {"first": "second", "second": "first"}
    keys = [one.row.key for one in doubtful(rows)]
    turned = {row.key: other[str(row.label)] for row in rows}
    decisions = read_decisions(
        filled(
            rows,
            {"decision": turned[keys[0]], "who": "花子", "note": "年が違う"},
            {"decision": "tie", "who": "太郎"},
            {"decision": "discard", "who": "太郎"},
            {},
        ),
        rows,
    )
    assert (len(decisions.decided), decisions.n_open) == (3, 1)
    found = {
        pair_key(row["prompt"], row["first"], row["second"]): row for row in with_decisions(source, decisions)
    }
    assert set(found) == {keys[0], keys[1], keys[3]}, "the discarded pair is gone"
    told = [found[keys[0]][name] for name in ("decision", "decided_by", "decision_note")]
    assert told == [turned[keys[0]], "花子", "年が違う"]
    assert (found[keys[1]]["decision"], found[keys[3]]["decided_by"]) == ("tie", None)
    assert {row.key: row.label for row in read_rows(found.values())}[keys[0]] == turned[keys[0]]
    assert measure(read_rows(found.values())).labels.n_labelled == 3
    assert "decision" not in source[0], "the rows that were given stay as they were"


@pytest.mark.parametrize(
    ("change", "told", "hint"),
    [
        ({"id": "ffff"}, "no row has this id", "take the queue that was made of these rows"),
        ({"decision": "frist", "who": "花子"}, "the decision is none", "did you mean 'first'?"),
        (
            {"decision": "良い", "who": "花子"},
            "the decision is none",
            "one of first, second, tie, discard, or null",
        ),
        ({"decision": "tie", "who": " "}, "a decision does not say who made it", '"who": "hanako"'),
        (
            {"second": "別の文"},
            "the text of 'second' is not that of the row any more",
            "decide on the texts as they are",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(change: Row, told: str, hint: str) -> None:
    rows = rows_of(judged(pairs(2), always_first))
    with pytest.raises(DataError, match=told) as caught:
        read_decisions(filled(rows, {}, change), rows)
    assert caught.value.where == "line 2"
    assert hint in str(caught.value)


def test_lines_that_are_none_and_pairs_decided_twice_are_refused() -> None:
    rows = rows_of(judged(pairs(1), always_first))
    (one,) = filled(rows, {"decision": "first", "who": "花子"})
    (two,) = filled(rows, {"decision": "tie", "who": "太郎"})
    assert len(read_decisions([one, "", one], rows).decided) == 1, "the same decision twice is one"
    with pytest.raises(DataError, match="decided twice, not alike"):
        read_decisions([one, two], rows)
    with pytest.raises(DataError, match="not one JSON object"):
        read_decisions(["{"], rows)
    with pytest.raises(DataError, match="lacks a key"):
        read_decisions(['{"id": "x"}'], rows)
