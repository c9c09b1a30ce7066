"""A model's solution is kept where it ends in the row's answer, and its rejection says what was wrong."""

from __future__ import annotations

import pytest

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.confirmed import Confirmed

ROW = {"answer": "12", "answer_kind": "number", "prompt": "亀は何匹いますか。", "solution": "答え：12匹"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("足の数から、亀は12匹です。", None),
        ("So x is 12.\nThe answer is 12 turtles.", None),
        ("答え：13匹", "wrong_answer"),
        ("答え：12匹か13匹", "wrong_answer"),
        ("The answer is about 12.", "wrong_answer"),
        ("式を立てて考えてみましょう。", "no_answer"),
        ("Let us set up an equation.", "no_answer"),
        ("", "no_answer"),
        ("亀は何匹いますか。", "no_answer"),
    ],
)
def test_a_response_is_kept_or_rejected_by_name(text: str, reason: str | None) -> None:
    record = Record("a", (1,), {**ROW, "response": text})
    outcome = Confirmed("response")(record)
    if reason is None:
        assert outcome is record
    else:
        assert isinstance(outcome, Reject)
        assert outcome.reason == reason


def test_a_wrong_answer_is_shown_beside_the_right_one() -> None:
    assert Confirmed("response")(Record("a", (1,), {**ROW, "response": "答え：13匹"})) == Reject(
        "wrong_answer", "13匹", "12"
    )
