"""The answer key as a verifier."""

from __future__ import annotations

from typing import Any

import pytest

from tanemaki.core.errors import DataError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.judge.answer_key import HasAnswerKey, by_answer_key, strictly_by_answer_key


@pytest.mark.parametrize(
    ("answer", "expected", "score"),
    [
        ("3個と9個です。\n答え：12個", "12", 1.0),
        ("3個と9個です。\n答え：12個", 12, 1.0),
        ("3個と9個です。\n答え：12個", 12.0, 1.0),
        ("答え：0.5", 0.5, 1.0),
        ("答え：13個", "12", 0.0),
        ("答え：正しい", True, 1.0),
        ("答え：正しくない", True, 0.0),
        ("Answer: Tokyo", "Tokyo", 1.0),
        ("Answer: Osaka", "Tokyo", None),
        ("答え：12", ["13", "12個"], 1.0),
        ("答え：12", ["13", "14"], 0.0),
        ("答え：東京", ["大阪", "12"], None),
        ("答え：12", "", None),
        ("答え：12", None, None),
        ("答え：12", [], None),
        ("", "12", None),
        ("12個です。\nほかに3つまでなら質問できます。", "12", None),
        ("3個と9個です。\n13個になります。", "12", 0.0),
        ("3個と9個です。\n12個になります。", "12", 1.0),
        ("12個ではなく、\n答え：13個", "12", 0.0),
        ("一ダースです。", "12", None),
        ("正しいとも言える。\n偽", "真", 0.0),
    ],
)
def test_an_answer_is_right_wrong_or_neither(answer: str, expected: Any, score: float | None) -> None:
    assert by_answer_key({"answer": answer, "expected": expected}) == score


@pytest.mark.parametrize(
    ("answer", "expected", "score"),
    [("3, 1, 2", "1, 2, 3", 0.0), ("大阪", "東京", 0.0), ("1, 2, 3", "1,2,3", 1.0), ("大阪", " ", None)],
)
def test_a_strict_key_calls_wrong_what_is_not_shown_to_be_right(
    answer: str, expected: str, score: float | None
) -> None:
    assert strictly_by_answer_key({"answer": answer, "expected": expected}) == score


def test_a_key_of_another_form_is_the_rows_fault() -> None:
    with pytest.raises(DataError, match="a text, a number or a list of them") as caught:
        by_answer_key({"answer": "12", "expected": {"value": 12}})
    assert caught.value.got == "{'value': 12}"


@pytest.mark.parametrize(
    ("expected", "told"), [(None, None), ("", ""), (" \n", " \n"), ([], None), ([None, ""], None)]
)
def test_a_row_without_a_key_is_named(expected: Any, told: str | None) -> None:
    assert HasAnswerKey()(Record("a", (1,), {"expected": expected})) == Reject("no_answer_key", told)


@pytest.mark.parametrize("expected", ["12", 0, 0.0, False, ["", "x"]])
def test_a_row_with_a_key_comes_back_unchanged(expected: Any) -> None:
    record = Record("a", (1,), {"expected": expected})
    assert HasAnswerKey()(record) is record
