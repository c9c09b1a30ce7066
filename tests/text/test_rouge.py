from __future__ import annotations

import pytest

from tanemaki.core.seeding import Draw
from tanemaki.text.rouge import longest_common, rouge_l
from tanemaki.text.tokens import tokens


def by_table(one: str, other: str) -> int:
    """The longest common subsequence by the textbook's table."""
    row = [0] * (len(other) + 1)
    for a in one:
        before = row[:]
        for at, b in enumerate(other, 1):
            row[at] = before[at - 1] + 1 if a == b else max(before[at], row[at - 1])
    return row[-1]


def test_it_is_the_length_that_the_table_gives() -> None:
    for n in range(300):
        draw = Draw("lcs", n)
        one, other = ("".join(draw.choose("あいうえ") for _ in range(draw.below(90))) for _ in range(2))
        assert longest_common(one, other) == by_table(one, other)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "", 1.0),
        ("猫", "", 0.0),
        ("Summarize the text.", "summarize THE text", 1.0),
        ("Summarize the following text.", "Translate the following text.", 0.75),
        ("次の文を要約する", "次の文を翻訳する", 0.75),
        ("ﾈｺとイヌ😀", "ネコとイヌ", 1.0),
        ("AとB", "BとA", 1 / 3),
    ],
)
def test_words_and_japanese_characters_are_weighed(one: str, other: str, expected: float) -> None:
    assert rouge_l(tokens(one), tokens(other)) == pytest.approx(expected)


def test_one_very_long_text_is_no_trouble() -> None:
    assert rouge_l(tokens("春の海" * 3000), tokens("春の海" * 3000)) == 1.0
