"""Shingles, exact likeness, and signatures that estimate it."""

from __future__ import annotations

import time

import pytest

from support.texts import TESTS
from tanemaki.text.similarity import bands, containment, estimate, jaccard, minhash, shingles, squeeze


def test_shingles_see_letters_and_digits_only() -> None:
    assert shingles("Ａ、b！　ｶﾞ") == {"abガ"}
    assert shingles("雨が降る") == {"雨が降", "が降る"}
    assert shingles("…！") == frozenset()
    assert squeeze("Ｑ１：\n雨") == "q1雨"


def test_jaccard_and_containment_are_shares_of_shingles() -> None:
    one, other = frozenset("abcd"), frozenset("cdef")
    assert (jaccard(one, other), containment(one, other)) == (2 / 6, 0.5)


def test_texts_without_letters_divide_nothing_by_zero() -> None:
    empty = shingles("")
    assert jaccard(empty, empty) == 1.0
    assert jaccard(empty, shingles("雨")) == 0.0
    assert containment(empty, shingles("雨")) == 1.0
    assert (minhash(empty), bands(minhash(empty))) == ((), ())
    assert estimate((), ()) == 1.0
    assert estimate((), minhash(["a"])) == 0.0


def test_signatures_estimate_the_exact_likeness() -> None:
    words = [str(n) for n in range(400)]
    for shared in (100, 200, 300):
        one, other = frozenset(words[:300]), frozenset(words[300 - shared : 600 - shared])
        exact = jaccard(one, other)
        assert estimate(minhash(one, 512), minhash(other, 512)) == pytest.approx(
            exact, abs=3 * 0.5 / 512**0.5
        )


def test_signatures_do_not_depend_on_order_and_are_the_same_everywhere() -> None:
    assert minhash(["a", "b", "c"]) == minhash(["c", "a", "b"])
    assert minhash(["春", "海"], 3) == (788812129, 672637591, 213603741)


def test_signatures_of_different_lengths_are_not_compared() -> None:
    with pytest.raises(ValueError, match="zip"):
        estimate(minhash(["a"], 4), minhash(["a"], 8))


def test_near_duplicates_share_a_band_and_strangers_do_not() -> None:
    text = (TESTS / "clean/filters/good_ja.tsv").read_text(encoding="utf-8")
    near = bands(minhash(shingles(text + "おまけの一文です。")))
    stranger = (TESTS / "clean/filters/good_en.tsv").read_text(encoding="utf-8")
    own = bands(minhash(shingles(text)))
    assert len(own) == 14
    assert set(own) & set(near)
    assert not set(own) & set(bands(minhash(shingles(stranger))))


def test_a_signature_of_two_thousand_shingles_takes_under_a_second() -> None:
    started = time.process_time()
    minhash([f"{n:05}" for n in range(2_000)])
    assert time.process_time() - started < 1
