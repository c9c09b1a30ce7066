"""Answer keys: the same, another one, or nothing that shows either."""

from __future__ import annotations

import pytest

from tanemaki.text.answers import bare_answer, same_answer
from tanemaki.text.tables import read_table


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("18", "１８", "form"),
        ("x = 3", "$x=3$", "form"),
        ("\\boxed{42}", "答え：42", "form"),
        ("(B)", "Ｂ。", "form"),
        ("The answer is 7.", "7です。", "form"),
        ("12 weeks", "12週間", "numbers"),
        ("$18", "18ドル", "numbers"),
        ("3万円", "30,000 yen", "numbers"),
        ("30%", "3割", "numbers"),
        ("twelve marbles", "12個", "numbers"),
        ("1.5 km", "1500 m", "numbers"),
        ("Yes", "はい。", "words"),
        ("Tuesday", "火曜日", "words"),
        ("18", "19", "different"),
        ("12 weeks", "12日", "different"),
        ("12 and 15", "12", "different"),
        ("7", "なし", "different"),
        ("Yes", "いいえ", "different"),
        ("Monday", "火曜日", "different"),
        ("Alice", "アリス", "unknown"),
        ("", "", "unknown"),
        ("😀", "猫", "unknown"),
    ],
)
def test_what_shows_two_answers_to_be_the_same(one: str, other: str, found: str) -> None:
    assert same_answer(one, other) == found
    assert same_answer(other, one) == found


def test_a_bare_answer_is_bare() -> None:
    for text in ("The final answer is: 「$x = 3$」。", "答えは (B) です。", "ｶﾞｸｾｲ", "a" * 50_000):
        assert bare_answer(bare_answer(text)) == bare_answer(text)


def test_no_form_of_the_table_has_two_meanings() -> None:
    forms = [
        bare_answer(form.replace("_", " "))
        for row in read_table("tanemaki.text", "answer_words")
        for form in row["forms"].split()
    ]
    assert len(set(forms)) == len(forms)
