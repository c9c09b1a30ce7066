"""Outer forms of texts, in both languages."""

from __future__ import annotations

import pytest

from tanemaki.core.errors import RecipeError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.shape import InShape, has_shape

GOOD = [
    ("prose", "葛は根から採ります。湯に溶けます。\n\n体が温まります。"),
    ("dialogue", "先生：葛は根です。\n生徒：なぜですか。\n先生：澱粉です。\n生徒：はい。"),
    ("dialogue", "**Teacher:** It is a root.\n**Student:** Why?\nTeacher: It is starch.\nStudent: I see."),
    ("pairs", "質問：葛とは？\n回答：根です。\n\n質問：色は？\n回答：白です。"),
    ("pairs", "Ｑ：葛とは？\nＡ：根です。\nＱ：色は？\nＡ：白です。"),
    ("pairs", "- Question: What? Answer: A root.\n- Question: Which? Answer: White."),
    ("pairs", "**Q1:** What?\n**A1:** A root.\n**Q2:** Which?\n**A2:** White."),
    ("table", "| 名 | 量 |\n|---|---|\n| 葛 | 3 g |\n\n質問：量は？\n回答：3 gです。"),
    ("problem", "問題：3+4は？\n解き方：足す。\n答え：7"),
    ("problem", "**Problem:** 3+4?\n**Solution:** add\n**Answer:** 7"),
    ("steps", "目的。\n1. 混ぜる\n2. 温める\n3. 冷ます"),
    ("steps", "### 手順１：混ぜる\n### 手順２：温める\n### 手順３：冷ます"),
    ("list", "・葛\n・寒天\n・ゼラチン"),
    ("list", "- a\n- b\n- c"),
]
BAD = [
    ("prose", "・葛\n・寒天"),
    ("prose", "# 葛\n- 根\n- 湯"),
    ("dialogue", "先生：葛です。\n先生：根です。\n先生：湯です。\n先生：はい。"),
    ("dialogue", "葛は根から採ります。"),
    ("pairs", "質問：葛とは？\n回答：根です。"),
    ("pairs", "質問：一？\n質問：二？"),
    ("table", "| 名 | 量 |\n|---|---|\n| 葛 | 3 g |"),
    ("table", "名 量\n葛 3\n質問：量は？\n回答：3"),
    ("problem", "問題：3+4は？"),
    ("steps", "1. 混ぜる\n2. 温める"),
    ("list", ""),
]


@pytest.mark.parametrize(("shape", "text"), GOOD)
def test_a_text_in_its_form_is_kept_as_it_is(shape: str, text: str) -> None:
    record = Record("a", (1,), {"text": text, "shape": shape})
    step = InShape("text", "shape")
    assert step(record) is record
    assert step(record) is record


@pytest.mark.parametrize(("shape", "text"), BAD)
def test_a_text_in_another_form_is_rejected(shape: str, text: str) -> None:
    verdict = InShape("text", "shape")(Record("a", (1,), {"text": text, "shape": shape}))
    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.limit) == ("wrong_form", shape)


def test_an_unknown_form_is_the_recipes_fault() -> None:
    with pytest.raises(RecipeError, match="there is no form 'tabel'") as caught:
        has_shape("", "tabel")
    assert caught.value.next == "did you mean 'table'?"


@pytest.mark.parametrize("shape", ["dialogue", "pairs", "table", "problem", "steps", "list", "prose"])
def test_a_very_long_line_is_judged(shape: str) -> None:
    assert has_shape("あ: " * 30_000, shape) in (True, False)
