"""The two cleaners: the marker at the beginning, the solution at the end."""

from __future__ import annotations

import time
from typing import Any

import pytest

from support.texts import turn
from tanemaki.clean.filters import Opening, SolutionLeak
from tanemaki.core.errors import RecipeError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject

JA, EN = ("問題：", "質問："), "Question:"


@pytest.mark.parametrize(
    ("markers", "text", "left"),
    [
        (JA, "問題：円とは？", "円とは？"),
        (JA, " \n問題: 円とは？", "円とは？"),
        (JA, "**問題：** 円とは？", "円とは？"),
        (JA, "**質問**：円とは？", "円とは？"),
        (JA, "## 問題：\n円とは？", "円とは？"),
        (JA, "問題︰円とは？", "円とは？"),
        (JA, "問題：問題：円とは？", "円とは？"),
        (JA, "## 問題\n円とは？", "円とは？"),
        (JA, "**質問**\n円とは？", "円とは？"),
        (JA, "【問題】円とは？", "円とは？"),
        (JA, "【問題】：円とは？", "円とは？"),
        (JA, "\ufeff\u200b問題：円とは？", "円とは？"),
        (JA, "問題：**円とは**何ですか？", "**円とは**何ですか？"),
        (JA, "**問題：円とは？**", "円とは？"),
        (
            JA,
            "問題：円とは？\n質問の形で、問題：という語を使って書いて。",
            "円とは？\n質問の形で、問題：という語を使って書いて。",
        ),
        (EN, "Question: __Why__ is it?", "__Why__ is it?"),
        (EN, "## Question\nWhy?", "Why?"),
        (EN, "question: Why?", "Why?"),
        (EN, "Ｑｕｅｓｔｉｏｎ：Why?", "Why?"),
        (EN, "**Question:**\nWhy?", "Why?"),
        ("Question", "Question Why?", "Why?"),
    ],
)
def test_fault_12_a_text_that_begins_with_its_marker_loses_it(
    markers: str | tuple[str, ...], text: str, left: str
) -> None:
    kept = Opening("text", markers)(turn(text))
    assert isinstance(kept, Record)
    assert kept["text"] == left


@pytest.mark.parametrize(
    ("markers", "text"),
    [
        (JA, "円とは？"),
        (JA, "では、問題：円とは？"),
        (JA, "円とは？\n問題：円とは？"),
        (JA, "問題円とは？"),
        (JA, "問題\n円とは？"),
        (JA, "【問題文】円とは？"),
        (JA, "「問題：」で始めます"),
        (EN, "Here is a question: Why?"),
        (EN, "Questions: Why?"),
        ("Question", "Questions why"),
        (EN, ""),
    ],
)
def test_fault_12_containing_the_marker_is_not_beginning_with_it(
    markers: str | tuple[str, ...], text: str
) -> None:
    first = markers if isinstance(markers, str) else markers[0]
    assert Opening("text", markers)(turn(text)) == Reject("no_marker", text.strip()[:40], first)


@pytest.mark.parametrize(
    ("markers", "text", "second"),
    [
        (JA, "問題：円とは？\n問題：球とは？", "問題：球とは？"),
        (JA, "問題：円とは？\r\n\r\n**問題：** 球とは？", "**問題：** 球とは？"),
        (JA, "問題：円とは？\n【問題】球とは？", "【問題】球とは？"),
        (EN, "Question: Why?\n  question: Who?", "question: Who?"),
        (EN, "**Question:** Why?\n## Question\nWho?", "## Question\nWho?"),
    ],
)
def test_a_marker_that_comes_again_begins_a_second_text(
    markers: str | tuple[str, ...], text: str, second: str
) -> None:
    assert Opening("text", markers)(turn(text)) == Reject("second_marker", second, None)


@pytest.mark.parametrize("markers", [(), "", ("問題：", " "), "**:"])
def test_a_marker_without_a_word_is_refused(markers: str | tuple[str, ...]) -> None:
    with pytest.raises(RecipeError, match="at least one marker"):
        Opening("text", markers)


LEAKS = [
    ("ja", "りんごは全部で何個ですか？", "\n答え：5個\n続き"),
    ("ja", "りんごは全部で何個ですか？", "答え: 5個"),
    ("ja", "りんごは全部で何個ですか？", "\n\n【解答】\n5個\n\n【解説】3+2"),
    ("ja", "りんごは全部で何個ですか？", "\n**解答例：** 5個"),
    ("ja", "りんごは全部で何個ですか？", "\n## 解説\n足します"),
    ("ja", "りんごは全部で何個ですか？", "\n正解は5個です。"),
    ("ja", "りんごは全部で何個ですか？", "（答え：5個）"),
    ("ja", "りんごは全部で何個ですか？", "\nAnswer: 5"),
    ("ja", "りんごは全部で何個ですか？", "\n1. 解答： 5個"),
    ("ja", "りんごは全部で何個ですか？", "\nＡｎｓｗｅｒ：５"),
    ("en", "How many apples are there?", "\nAnswer: 5\nMore text."),
    ("en", "How many apples are there?", " Answer: 5"),
    ("en", "How many apples are there?", "\n\n### Solution\nAdd them."),
    ("en", "How many apples are there?", "\n**The correct answer:** 5"),
    ("en", "How many apples are there?", " (Answer: 5)"),
    ("en", "How many apples are there?", "\nThe answer is 5."),
    ("en", "How many apples are there?", "\n[Solution] 5"),
]


@pytest.mark.parametrize(("language", "problem", "leak"), LEAKS)
def test_fault_11_nothing_after_the_marker_remains(language: str, problem: str, leak: str) -> None:
    """Fault 11: the pattern took the marker away and left the answer."""
    cut = SolutionLeak("text", language)
    kept = cut(turn(problem + leak))
    assert isinstance(kept, Record)
    assert kept["text"] == problem
    assert cut(kept) is kept
    assert isinstance(SolutionLeak("text", language, "reject")(turn(problem + leak)), Reject)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "答えは整数で求めなさい。"),
        ("ja", "次の答えを選びなさい。\n答えは何ですか？"),
        ("ja", "正解は一つとは限りません。\n解答欄に書きなさい。"),
        ("ja", "どんな回答：賛成か反対かを選ぶ調査ですか？"),
        ("en", "Answer with yes or no: is it red?"),
        ("en", "Solution A: 30% acid. Solution B: 10% acid. Mix them?"),
        ("en", "The answer is 12, says Tom. Is Tom right?"),
        ("en", "Explain the answer. The answer is not 5."),
    ],
)
def test_a_problem_that_speaks_of_answers_is_left_alone(language: str, text: str) -> None:
    record = turn(text)
    assert SolutionLeak("text", language)(record) is record


def test_a_problem_that_is_all_solution_is_rejected_with_what_was_left() -> None:
    assert SolutionLeak("text", "ja", min_chars=10)(turn("円とは？\n答え：丸")) == Reject(
        "leaked_solution", 4, 10, "cut at '答え：丸'"
    )
    kept = SolutionLeak("text", "ja", min_chars=0)(turn("答え：丸"))
    assert isinstance(kept, Record)
    assert kept["text"] == ""


def test_an_unknown_action_is_refused() -> None:
    wrong: Any = "cuts"
    with pytest.raises(RecipeError, match="does not know the action 'cuts'") as caught:
        SolutionLeak("text", "ja", wrong)
    assert caught.value.next == "did you mean 'cut'?"


def test_a_marker_that_is_said_again_and_again_is_a_loop_and_takes_no_time() -> None:
    started = time.process_time()
    verdict = Opening("text", "問題：")(turn("問題：" * 30_000))
    assert isinstance(verdict, Reject)
    assert verdict.reason == "second_marker"
    assert time.process_time() - started < 1
