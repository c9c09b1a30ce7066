"""Where sentences end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanemaki.text.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        (" \n　\n", []),
        ("一つ。二つ！三つ？四つ", ["一つ。", "二つ！", "三つ？", "四つ"]),
        ("本当！？はい。", ["本当！？", "はい。"]),
        ("ﾊﾝｶｸ｡ﾌﾀﾂﾒ", ["ﾊﾝｶｸ｡", "ﾌﾀﾂﾒ"]),
        ("彼は「行く。すぐに。」と言った。次だ。", ["彼は「行く。すぐに。」と言った。", "次だ。"]),
        ("「行くよ。」彼は笑った。", ["「行くよ。」", "彼は笑った。"]),
        ("（注意。）は読んだ。", ["（注意。）は読んだ。"]),
        ("円周率は３．１４です．次です．", ["円周率は３．１４です．", "次です．"]),
        ("すごい!次は?", ["すごい!", "次は?"]),
        ("見出し\n本文です。", ["見出し", "本文です。"]),
        ("悲しい:( でも行く。また明日。", ["悲しい:( でも行く。", "また明日。"]),
        ("It costs 3.5 yen. Really?", ["It costs 3.5 yen.", "Really?"]),
        ("Dr. Sato met J. R. Smith. They spoke.", ["Dr. Sato met J. R. Smith.", "They spoke."]),
        ("Use fruit, e.g. apples. Then stir.", ["Use fruit, e.g. apples.", "Then stir."]),
        ("See No. 7. It is red.", ["See No. 7.", "It is red."]),
        ("No. It is red.", ["No.", "It is red."]),
        ("So do I. We agree.", ["So do I.", "We agree."]),
        ("1. Mix the flour. 2. Bake it.", ["1. Mix the flour.", "2. Bake it."]),
        ("In 1990. Then more.", ["In 1990.", "Then more."]),
        ('He said "Go." Then he left.', ['He said "Go."', "Then he left."]),
        ("Wait... what? yes! no", ["Wait... what? yes! no"]),
        ("a wrapped\nline goes on.\nNew line", ["a wrapped line goes on.", "New line"]),
        ("visit example.com today. Now.", ["visit example.com today.", "Now."]),
        ("終わった。 The end. 次へ", ["終わった。", "The end.", "次へ"]),
        ("楽しい😊！はい", ["楽しい😊！", "はい"]),
        ("%%. Then", ["%%.", "Then"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@given(st.text(alphabet='あア漢aB1。．.！!？?「」()（）\n 　,、"', max_size=80))
def test_no_letter_is_lost_or_moved(text: str) -> None:
    assert "".join("".join(split_sentences(text)).split()) == "".join(text.split())
