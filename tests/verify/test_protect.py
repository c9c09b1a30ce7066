"""The steps around a protected translation: each reason by the shortest text that triggers it alone."""

from __future__ import annotations

from typing import Any

import pytest

from tanemaki.core.record import Record
from tanemaki.core.step import spec_of
from tanemaki.core.verdict import Reject
from tanemaki.verify.protect import Protect, Restore

RESTORE = Restore("draft", markers={"text": ("訳文",), "answer": ("答えの訳",)})


def record(**fields: Any) -> Record:
    return Record("a", (1,), fields)


def protected(text: Any, answer: Any = "3") -> Any:
    return Protect("text", answer="answer", no_answer="なし")(record(text=text, answer=answer))


def restored(said: str, **fields: Any) -> Any:
    before = {
        "protected": "Find ⟦1⟧ of ⟦2⟧.\n⟦3⟧\nTake ⟦4⟧.",
        "protected_answer": "⟦5⟧",
        "pieces": ["x", "`f`", "$$x$$", "2", "3"],
        "blocks": [3],
        "repeats": "no",
    }
    return RESTORE(record(draft=said, **{**before, **fields}))


def test_a_text_and_its_answer_share_their_numbering() -> None:
    fields = protected("`len(x)`は 3 です。これを示せ。", "$x = 3$")
    assert fields["protected"] == "⟦1⟧は ⟦2⟧ です。これを示せ。"
    assert fields["protected_answer"] == "⟦3⟧"
    assert fields["pieces"] == ["`len(x)`", "3", "$x = 3$"]
    assert fields["blocks"] == []


@pytest.mark.parametrize(
    "text", ["", None, "$x$", "```\nlong code without prose\n```", "12 34", "😀😀😀", "はい"]
)
def test_a_text_without_prose_has_nothing_to_translate(text: str | None) -> None:
    found = protected(text)
    assert isinstance(found, Reject)
    assert (found.reason, found.limit) == ("nothing_to_translate", 5)


@pytest.mark.parametrize("answer", ["", "  ", None])
def test_an_answer_that_is_wanted_and_empty_rejects(answer: str | None) -> None:
    assert protected("次の値を求めよ。", answer).reason == "no_answer"
    assert protected("次の値を求めよ。", 0)["pieces"] == ["0"]


def test_without_an_answer_the_prompt_is_told_so() -> None:
    step = Protect("text", no_answer="なし")
    assert step.reads == ("text",)
    found = step(record(text="次の値を求めよ。"))
    assert isinstance(found, dict)
    assert found["protected_answer"] == "なし"


def test_a_good_reply_is_restored() -> None:
    found = restored("訳文：⟦2⟧の⟦1⟧を求めよ。\n⟦3⟧\n⟦4⟧を使う。\n**答えの訳:** ⟦5⟧")
    assert found["translation"] == "`f`のxを求めよ。\n$$x$$\n2を使う。"
    assert found["translated_answer"] == "3"
    assert found["marked"] == "⟦2⟧の⟦1⟧を求めよ。\n⟦3⟧\n⟦4⟧を使う。"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("⟦1⟧⟦2⟧\n⟦3⟧\n⟦4⟧", "no_marker"),
        ("訳文：⟦1⟧⟦2⟧\n⟦3⟧\n⟦4⟧", "no_marker"),
        ("承知しました。\n訳文：⟦1⟧⟦2⟧\n⟦3⟧\n⟦4⟧\n答えの訳：⟦5⟧", "no_marker"),
        ("訳文：\n答えの訳：⟦5⟧", "no_marker"),
        ("訳文：⟦1⟧⟦2⟧\n⟦3⟧\n答えの訳：⟦5⟧", "lost_placeholder"),
        ("訳文：⟦1⟧⟦2⟧\n⟦3⟧\n⟦4⟧\n答えの訳：3", "lost_placeholder"),
        ("訳文：⟦1⟧⟦2⟧\n⟦3⟧\n⟦4⟧⟦1⟧\n答えの訳：⟦5⟧", "doubled_placeholder"),
        ("訳文：⟦1⟧⟦2⟧\n⟦3⟧\n⟦4⟧⟦5⟧\n答えの訳：⟦5⟧", "invented_placeholder"),
        ("訳文：⟦1⟧⟦2⟧⟦4⟧\n⟦3⟧\n答えの訳：⟦5⟧", "reordered_placeholder"),
        ("", "no_marker"),
    ],
)
def test_each_fault_of_a_reply_has_its_reason(said: str, reason: str) -> None:
    assert restored(said).reason == reason


def test_a_text_that_may_repeat_may_show_the_answers_marks_too() -> None:
    said = "訳文：⟦4⟧と⟦1⟧と⟦2⟧、⟦1⟧、答えは⟦5⟧。\n⟦3⟧\n答えの訳：⟦5⟧"
    assert restored(said, repeats="yes")["translation"].startswith("2とxと`f`、x、答えは3。")


def test_the_steps_declare_what_they_read_and_say() -> None:
    assert set(spec_of(RESTORE).writes) == {"translation", "translated_answer", "marked"}
