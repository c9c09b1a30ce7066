"""What a judge said while pairs were made, read back from datasets and from rejected rows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tanemaki.judge.trust.compared import read_rows
from tanemaki.judge.trust.measure import measure
from tanemaki.judge.trust.of_pairs import compared_of

PROMPT = [{"role": "user", "content": "春の花は？"}]
ANSWERS = [
    {"answer": "柿です。", "answerer": "weak", "score": None},
    {"answer": "桜です。", "answerer": "strong", "score": None},
    {"answer": "菊です。", "answerer": "weak", "score": None},
]
CALLS = [
    {"step": "answer", "role": "strong", "model": "松-70b"},
    {"step": "answer", "role": "weak", "model": "竹-1b"},
    {"step": "comparisons", "role": "critic", "model": "梅"},
]


def verdict(condition: str, winner: str | None) -> dict[str, Any]:
    return {"condition": condition, "repeat": 0, "said": None, "why": None, "winner": winner}


def comparison(first: int, second: int, *winners: str, why: str | None = None) -> dict[str, Any]:
    verdicts = [verdict(name, one) for name, one in zip(("asked", "swapped"), winners, strict=True)]
    score = None if why else float(winners[0] == "first")
    return {"first": first, "second": second, "score": score, "why": why, "verdicts": verdicts}


def row(*comparisons: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"prompt": PROMPT, "answers": ANSWERS, "comparisons": list(comparisons), **more}


def test_every_comparison_of_a_row_is_one_with_its_two_answers_in_the_order_that_was_shown() -> None:
    found = compared_of([row(comparison(1, 0, "first", "first"), comparison(2, 1, "second", "second"))])
    assert [(one["first"], one["second"], one["comparison"]["score"]) for one in found] == [
        ("桜です。", "柿です。", 1.0),
        ("菊です。", "桜です。", 0.0),
    ]
    read = read_rows(found)
    assert [one.winner for one in read] == ["first", "second"]
    assert len({one.key for one in read}) == 2


def test_the_models_are_those_of_lineage_and_else_the_roles() -> None:
    told = compared_of([row(comparison(1, 0, "first", "first"), lineage={"calls": CALLS})])[0]
    assert (told["judge"], told["first_model"], told["second_model"]) == ("梅", "松-70b", "竹-1b")
    without = compared_of([row(comparison(1, 0, "first", "first"))])[0]
    assert (without["judge"], without["first_model"], without["second_model"]) == ("judge", "strong", "weak")


def test_rejected_rows_count_as_much_as_accepted_ones_and_may_be_json_texts() -> None:
    swayed = comparison(0, 1, "first", "second", why="order_dependent")
    rejected = {
        "id": "b", "step": "pair", "reason": "order_dependent", "lineage": json.dumps({"calls": CALLS}),
        "fields": json.dumps(row(swayed)),
    }  # fmt: skip
    accepted = row(comparison(1, 0, "first", "first"), lineage=json.dumps({"calls": CALLS}))
    accepted = {name: json.dumps(value) if name != "lineage" else value for name, value in accepted.items()}
    accepted["prompt"] = PROMPT
    found = measure(read_rows(compared_of([accepted, rejected])))
    assert (found.judge, found.n_rows) == ("梅", 2)
    assert found.order.place_consistency.value == 0.5
    assert found.reading.unsettled["order_dependent"].hits == 1


def test_of_a_panel_each_judge_is_measured_by_itself() -> None:
    kept, swayed = (
        comparison(1, 0, "first", "first"),
        comparison(1, 0, "first", "second", why="order_dependent"),
    )
    judges = {
        "mild": {"score": 1.0, "why": None, "parts": {"verdicts": kept["verdicts"]}},
        "strict": {"score": None, "why": "order_dependent", "parts": {"verdicts": swayed["verdicts"]}},
        "gone": {"score": None, "why": "failed", "parts": {"fault": "timeout"}},
    }
    panel: dict[str, Any] = {
        "first": 1,
        "second": 0,
        "score": 1.0,
        "why": None,
        "verdicts": [],
        "judges": judges,
    }
    read = {one.judge: one for one in read_rows(compared_of([row(panel)]))}
    assert {name: (one.winner, len(one.verdicts)) for name, one in read.items()} == {
        "mild": ("first", 2),
        "strict": (None, 2),
        "gone": (None, 0),
    }
    assert read["gone"].why == "failed"


@pytest.mark.parametrize(
    "nothing",
    [
        {"prompt": PROMPT, "chosen": [], "rejected": []},
        {"fields": json.dumps({"prompt": PROMPT, "answers": []}), "reason": "too_few_answers"},
        {"fields": {"prompt": PROMPT, "answer": "柿です。"}, "reason": "cut"},
        row(),
    ],
)
def test_rows_in_which_nothing_was_compared_give_none(nothing: dict[str, Any]) -> None:
    assert compared_of([nothing]) == []
