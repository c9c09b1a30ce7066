"""The answer that a reply ends in."""

from __future__ import annotations

import time

import pytest

from tanemaki.text.final_answer import final_answer


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("3個と9個なので、3+9=12です。\n答え：12個", "12個"),
        ("**答え：** 42", "42"),
        ("途中の式は省きます。\n\n【答え】\n７時３０分", "７時３０分"),
        ("よって、答えは42です。", "42"),
        ("最終的な答え: イ\n検算もしました。", "イ"),
        ("答え：10\n見直すと違いました。\n答え：12", "12"),
        ("ｺﾀｴ：１２", "１２"),
        ("答えは何でしょうか。考えます。\n12+3=15\n15", "15"),
        ("#### 1,200", "1,200"),
        ("#### まとめ\n12本です。", "12本です。"),
        ("So the answer is 3.5. I hope this helps!", "3.5"),
        ("First 3, then 4.\n**Final Answer:** (B)", "(B)"),
        ("Answer:\n\n12 apples", "12 apples"),
        ("We get \\boxed{12} at first, but \\boxed{\\frac{3}{4}} in the end.", "\\frac{3}{4}"),
        ("\\boxed{12} と書くのが決まりです。\n答え：13", "13"),
        ("The answer は 42 です。\nAnswer: 42", "42"),
        ("\\boxed{12", "\\boxed{12"),
        ("12", "12"),
        ("まず3を足す。\n次に2で割る。\n\n　6　\n", "6"),
        ("😀", "😀"),
        ("　\n\t", ""),
        ("", ""),
    ],
)
def test_the_last_marked_answer_counts_and_else_the_last_line(reply: str, answer: str) -> None:
    assert final_answer(reply) == answer


@pytest.mark.parametrize(
    "reply", ["答え：" * 30_000, "a" * 100_000, "\\boxed{" * 15_000, "\n" * 100_000, "答え " * 30_000]
)
def test_a_very_long_reply_takes_no_time_to_speak_of(reply: str) -> None:
    started = time.process_time()
    final_answer(reply)
    assert time.process_time() - started < 1
