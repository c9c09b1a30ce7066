"""Letters by script."""

from __future__ import annotations

import pytest

from tanemaki.text.scripts import Scripts, count_scripts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Scripts()),
        ("123 ！？ 😊", Scripts()),
        ("東京タワーは高い", Scripts(hiragana=2, katakana=3 + 0, kanji=3)),
        ("ｶﾞｸｾｲ", Scripts(katakana=4)),
        ("ラーメン", Scripts(katakana=4)),
        ("ＡＢｃé", Scripts(latin=4)),
        ("人々", Scripts(kanji=2)),
        ("한국", Scripts(hangul=2)),
        ("Привет", Scripts(cyrillic=6)),
        ("αβ ไทย", Scripts(other=5)),
    ],
)
def test_letters_are_counted_by_script(text: str, expected: Scripts) -> None:
    assert count_scripts(text) == expected


def test_shares_are_over_letters_only() -> None:
    scripts = count_scripts("今日は good, 2026！")
    assert scripts.share("hiragana", "kanji") == pytest.approx(3 / 7)
    assert (scripts.japanese, scripts.letters) == (3, 7)


def test_a_text_without_letters_has_no_share_of_anything() -> None:
    assert count_scripts("12 + 3").share("latin") == 0.0
