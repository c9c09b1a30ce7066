"""The label before an answer comes off, and only where it is one."""

from __future__ import annotations

import time

import pytest

from support.texts import turn
from tanemaki.clean.filters import AnswerLabel
from tanemaki.core.errors import RecipeError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("回答：葛は根から採れます。", "葛は根から採れます。"),
        ("答え: 5個", "5個"),
        ("【回答】葛です。", "葛です。"),
        ("【答え】\n葛です。", "葛です。"),
        ("**回答：** 葛です。", "葛です。"),
        ("**解答**：葛です。", "葛です。"),
        ("## 回答\n葛です。\n寒天ではありません。", "葛です。\n寒天ではありません。"),
        ("回答：回答：葛です。", "葛です。"),
        ("回答：答え：葛です。", "葛です。"),
        ("A：葛です。", "葛です。"),
        ("Ａ：葛です。", "葛です。"),
        ("Answer: Yes.", "Yes."),
        ("answer: Yes.", "Yes."),
        ("Ａｎｓｗｅｒ：Yes.", "Yes."),
        ("**Answer:** Yes.", "Yes."),
        ("Response: It melts.\nNote that it is hot.", "It melts.\nNote that it is hot."),
        ("The answer: 42", "42"),
    ],
)
def test_a_label_comes_off_and_the_rest_is_not_touched(text: str, left: str) -> None:
    judged = AnswerLabel("text", "ja")(turn(text))
    assert isinstance(judged, Record)
    assert judged["text"] == left
    assert AnswerLabel("text", "ja")(judged) is judged, "twice changes nothing"


@pytest.mark.parametrize(
    "text",
    [
        "回答は「はい」です。",
        "回答者：はい",
        "まず計算します。\n答え：5個",
        "答え：5個\n理由：3に2を足すからです。",
        "Answer: yes\nReason: it melts at 36 degrees.",
        "answer: 5\nunit: cm",
        "a: 1\nb: 2",
        "A: Paris\nB: Rome",
        "A：牛乳、B：豆乳。多いのはAです。",
        "A cat: an animal",
        "Answers: many",
        "Q：返品はできますか。\nA：はい。",
        "ｺﾀｴﾊ5ｺﾃﾞｽ",
        "🍵です。",
        "",
    ],
)
def test_an_answer_in_a_form_of_its_own_is_kept(text: str) -> None:
    record = turn(text)
    assert AnswerLabel("text", "ja")(record) is record


def test_a_label_and_nothing_else_is_empty() -> None:
    assert AnswerLabel("text", "ja")(turn("**回答：**")) == Reject(
        "empty", 0, 1, "nothing after '**回答：**'"
    )
    assert AnswerLabel("text", "en")(turn("Answer:")) == Reject("empty", 0, 1, "nothing after 'Answer:'")


def test_japanese_labels_are_not_looked_for_in_english_and_a_third_language_is_refused() -> None:
    record = turn("回答：yes")
    assert AnswerLabel("text", "en")(record) is record
    with pytest.raises(RecipeError, match="does not know the language 'fr'"):
        AnswerLabel("text", "fr")


@pytest.mark.parametrize("text", ["回答：" * 30_000, "A:" * 50_000, "Answer: " + "a\n" * 50_000])
def test_a_label_said_again_and_again_takes_no_time(text: str) -> None:
    started = time.process_time()
    AnswerLabel("text", "ja")(turn(text))
    assert time.process_time() - started < 2
