from __future__ import annotations

import pytest

from tanemaki.text.tokens import tokens


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", []),
        ("…！？", []),
        ("東京へ行く", ["東", "京", "へ", "行", "く"]),
        ("It's 3.5 km.", ["it's", "3.5", "km"]),
        ("ＡＩで1,000円", ["ai", "で", "1,000", "円"]),
        ("ﾃﾞｰﾀ", ["デ", "ー", "タ"]),
        ("café naïve", ["café", "naïve"]),
        ("猫😀犬", ["猫", "犬"]),
    ],
)
def test_words_of_latin_letters_are_whole_and_other_letters_single(text: str, pieces: list[str]) -> None:
    assert tokens(text) == pieces


def test_a_very_long_line_is_no_trouble() -> None:
    assert len(tokens("あa" * 100_000)) == 200_000
