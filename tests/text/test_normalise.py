"""One form for equal texts, one meaning of length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanemaki.text.normalise import fold_width, n_chars, normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("　 \n", ""),
        ("ﾊﾟｿｺﾝ", "パソコン"),
        ("ＡＢＣ１２３", "abc123"),
        ("Ｔｏｋｙｏ　は\n首都！", "tokyo は首都!"),
        ("春の\n海", "春の海"),
        ("two  words\nhere", "two words here"),
        ("it’s", "it's"),
        ("1–2 〜 3", "1-2 ~ 3"),
        ("ze\u200bro", "zero"),
        ("㈱", "(株)"),
    ],
)
def test_texts_that_people_call_the_same_get_one_form(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("　\n", 0),
        ("学生", 2),
        ("ｶﾞｸｾｲ", 4),
        (" ab ", 2),
        ("😊", 1),
        ("…", 3),
        ("あ" * 100_000, 100_000),
    ],
)
def test_length_counts_code_points_after_nfkc(text: str, length: int) -> None:
    assert n_chars(text) == length


@given(st.text(max_size=60))
def test_folding_widths_keeps_every_place(text: str) -> None:
    assert len(fold_width(text)) == len(text)


def test_folding_widths_unifies_ascii_kana_spaces_and_colons() -> None:
    assert fold_width("Ａ：　ｱ︰∶") == "A: ア::"
