"""A sentence that stops in the middle, although the server says that the reply ended by itself."""

from __future__ import annotations

import pytest

from support.texts import turn
from tanemaki.clean.filters import Ending
from tanemaki.core.verdict import Reject


@pytest.mark.parametrize(
    "text",
    [
        "米を研ぎます。次に、たっぷりの水を",
        "初冠雪の日は決まっています。富士山の",
        "私はAと答えました。理由は",
        "Boil the water. Then add the",
        "Boil the water.\nStir the pasta once and",
        "It froze. The pipes burst because",
        "Ｉｔ ｆｒｏｚｅ． Ｔｈｅ ｐｉｐｅｓ ａｎｄ",
        "雨です。ｶｻを",
        "Dry it. **Then fold your**",
    ],
)
def test_a_broken_sentence_is_unfinished(text: str) -> None:
    shown = text.rstrip("*")[-40:]
    assert Ending("text")(turn(text)) == Reject("unfinished", shown)


@pytest.mark.parametrize(
    "text",
    [
        "今日は雨です。明日は晴れると思うのですが",
        "治ってよかったです。お大事に",
        "楽しい一日でした。では、よい週末を",
        "ありがとうございました。またのお越しを",
        "覚えておくのは二つです。\n一つは、火を消すこと",
        "三つあります。\n- 春\n- 夏",
        "春の海",
        "もっと光を",
        "続きを書いてください。ある朝、王様が",
        "Complete this sentence. The cat sat on the",
        "I looked it up. It is the one to look for",
        "Where does he come from? I know where he is from",
        "The Who\nThe Band",
        "print(a and b)",
        "SELECT a. FROM b",
        "",
    ],
)
def test_people_may_end_on_other_words(text: str) -> None:
    record = turn(text)
    assert Ending("text")(record) is record
