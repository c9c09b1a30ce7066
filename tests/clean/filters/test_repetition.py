"""Texts in which a model got stuck, and long ordinary ones."""

from __future__ import annotations

import pytest

from support.texts import read_texts, turn
from tanemaki.clean.filters import Repetition
from tanemaki.clean.filters.repetition import find_loop, share_of_repeated_runs, share_of_repeated_sentences
from tanemaki.core.verdict import Reject


def test_fault_4_an_ordinary_long_japanese_text_with_a_character_over_forty_times_passes() -> None:
    """Fault 4: any character that stood there forty times was a repetition, so that の refused long texts."""
    text = "".join(text for kind, text in read_texts("clean/filters/good_ja.tsv") if "```" not in text)
    assert len(text) > 1_500
    assert max(text.count(letter) for letter in "はのいですま") > 40
    record = turn(text)
    assert Repetition("text")(record) is record


@pytest.mark.parametrize("stop", ["。", "．", "！", "｡", ". ", "\n"])
def test_fault_5_repeated_sentences_are_seen_with_any_punctuation(stop: str) -> None:
    """Fault 5: sentences were cut at half-width punctuation alone, so that the rule never fired on Japanese."""
    lines = [
        "雨が降っています",
        "傘を持っていきます",
        "雨が降っています",
        "駅まで歩きます",
        "雨が降っています",
    ]
    verdict = Repetition("text")(turn("".join(line + stop for line in lines)))
    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.limit) == ("repeated_sentences", 0.3)
    assert verdict.measured == pytest.approx(16 / 40, abs=0.001)


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("", (0, "")),
        ("abc", (0, "")),
        ("いろはにほへと", (0, "")),
        ("ハハハハハ", (5, "ハ")),
        ("あ" * 50, (50, "あ")),
        ("start" + "abcdefg" * 5 + "end", (35, "abcdefg")),
        ("とてもとても大きいです" * 6, (66, "とてもとても大きいです")),
        ("abcdefg" * 3, (0, "")),
        ("0" * 60, (0, "")),
        ("1010" * 30, (0, "")),
    ],
)
def test_a_loop_is_a_unit_said_four_times_and_more(letters: str, expected: tuple[int, str]) -> None:
    assert find_loop(letters) == expected


def test_a_loop_at_the_end_of_a_good_text_is_found_and_quoted() -> None:
    good = "".join(text for kind, text in read_texts("clean/filters/good_ja.tsv") if kind == "question")
    verdict = Repetition("text")(turn(good + "そしてまた歩きました。" * 6))
    assert verdict == Reject("loop", 60, 40, "again and again 'そしてまた歩きました'")


def test_code_may_repeat_its_lines_but_not_loop() -> None:
    block = "```python\n{}```"
    twice = turn(block.format('for row in rows:\n    print(row["name"])\n' * 3))
    assert Repetition("text")(twice) is twice
    assert isinstance(Repetition("text")(turn(block.format("total_sum = total_sum + 1\n" * 9))), Reject)


def test_none_switches_a_sign_off() -> None:
    text = "春になると桜が咲きます。" * 6
    assert isinstance(Repetition("text", max_loop_letters=None)(turn(text)), Reject)
    record = turn(text)
    assert Repetition("text", None, None, None)(record) is record


def test_texts_without_letters_divide_nothing_by_zero() -> None:
    assert share_of_repeated_sentences("。。。") == 0.0
    assert share_of_repeated_runs("") == 0.0
