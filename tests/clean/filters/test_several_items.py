"""One thing was asked for, and a list came."""

from __future__ import annotations

import pytest

from support.texts import turn
from tanemaki.clean.filters import SeveralItems
from tanemaki.core.verdict import Reject


@pytest.mark.parametrize(
    ("text", "n_items"),
    [
        ("1. 港町の漁師\n2. その妻\n3. 二人の娘", 3),
        ("１．港町の漁師\n２．その妻", 2),
        ("（1）港町の漁師（2）その妻", 2),
        ("① 港町の漁師 ② その妻 ③ 二人の娘", 3),
        ("1. 港町の漁師 2. その妻", 2),
        ("・港町の漁師\n・その妻", 2),
        ("- A fisher\n- His wife", 2),
        ("1) A fisher 2) his wife 3) the harbour master", 3),
        ("**1.** A fisher\n**2.** His wife".replace("**", ""), 2),
    ],
)
def test_a_list_is_counted(text: str, n_items: int) -> None:
    assert SeveralItems("text")(turn(text)) == Reject("several_items", n_items, 1)


@pytest.mark.parametrize(
    "text",
    [
        "港で働く30代の漁師。2児の父。",
        "1年目の看護師で、2人の子がいる。",
        "1. 港町の漁師",
        "午後1:30に起き、2:15に店を開けるパン職人",
        "A nurse of 42, born in 1980. 2 children.",
        "Runs 3.5 km a day and is 1.2 m tall",
        "Plays in the 2. Bundesliga and was 1. in class",
        "A man\n- with a dog",
        "ｶﾞｸｾｲで🍵が好き",
        "",
    ],
)
def test_one_person_with_numbers_is_one(text: str) -> None:
    record = turn(text)
    assert SeveralItems("text")(record) is record
