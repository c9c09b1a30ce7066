from __future__ import annotations

import pytest

from support.context import ScriptedContext, in_order
from tanemaki.clean.filters.word_list import WordList
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.recipes import catalogue

STEP = WordList("instruction", "blacklist")


def judged(language: str, text: str) -> Record | Reject:
    context = ScriptedContext(catalogue.load("self_instruct", language).texts, in_order([]))
    return STEP(Record("a", (1,), {"instruction": text}), context)


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("ja", "この画像に写っているものを挙げてください。", "この画像"),
        ("ja", "家系の図を描いてください。", "図を描"),
        ("ja", "添付のファイルを要約してください。", "添付のファイル"),
        ("ja", "素数を求めるプログラムを書いてください。", "プログラムを書"),
        ("ja", "・俳句を詠む。", "・"),
        ("ja", "？どうして", "?"),
        ("en", "Draw a picture of a cat.", "Draw a"),
        ("en", "Describe this image.", "this image"),
        ("en", "WRITE A PYTHON PROGRAM that sorts.", "WRITE A PYTHON PROGRAM"),
        ("en", "Go to the website and list its prices.", "Go to the website"),
        ("en", "- Name a bird.", "-"),
    ],
)
def test_what_text_cannot_do_is_named(language: str, text: str, found: str) -> None:
    verdict = judged(language, text)
    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.measured) == ("blacklisted", found)
    assert verdict.note


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "図書館の利用案内を書いてください。"),
        ("ja", "地図がなくてもわかる道案内を考えてください。"),
        ("ja", "写真が趣味の友人への贈り物を提案してください。"),
        ("ja", "「図に乗る」の意味を説明してください。"),
        ("ja", "３つの果物を挙げてください。"),
        ("en", "Draw conclusions from the survey below."),
        ("en", "Explain how a museum keeps its files in order."),
        ("en", "Write a programme for the village fair."),
        ("en", "Map out a day for a tourist."),
        ("en", '"Break the ice": what does it mean?'),
    ],
)
def test_a_word_alone_is_no_reason_and_japanese_may_begin_a_task(language: str, text: str) -> None:
    """Fault 21: the rule on the first letter rejected all Japanese. Fault 34: a common word dropped every line."""
    record = Record("a", (1,), {"instruction": text})
    assert judged(language, text) == record


@pytest.mark.parametrize("language", ["ja", "en"])
def test_no_seed_is_blacklisted(language: str) -> None:
    """Fault 21: Japanese seeds pass."""
    for row in catalogue.load("self_instruct", language).texts.tables["seeds"]:
        assert isinstance(judged(language, row["instruction"]), Record), row["instruction"]
