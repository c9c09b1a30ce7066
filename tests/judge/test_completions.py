"""Gathered answers become the columns of the published set, each with what was said of it and of no other."""

from __future__ import annotations

from typing import Any

from tanemaki.core.record import Record
from tanemaki.judge.completions import Completions


def answer(text: str, answerer: str, parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    given = {"answer": text, "answerer": answerer, "score": 1.0, "aspects_parts": parts}
    return {**given, "principle": "honesty", "custom_system_prompt": "正直に。", **more}


def test_models_and_completions_are_in_the_same_order_and_hold_everything() -> None:
    first = answer(
        "葛です。",
        "weak",
        {"aspects": {"honesty": 2.0, "helpfulness": None}, "overall": None,
         "rationales": {"honesty": "言い切りすぎ。", "helpfulness": ""}},
        overall_score=3.0,
        overall_score_rationale="もう少し調べましょう。",
    )  # fmt: skip
    second = answer(
        "寒天です。",
        "strong",
        {"aspects": {"honesty": 5.0, "helpfulness": 4.0}, "overall": None,
         "rationales": {"honesty": "よい。", "helpfulness": "短い。"}},
        overall_score=9.0,
        overall_score_rationale="よい。",
    )  # fmt: skip
    told = Completions()(Record("a", (1,), {"answers": [first, second]}))
    assert told["models"] == ["weak", "strong"]
    assert told["completions"][0] == {
        "model": "weak",
        "principle": "honesty",
        "custom_system_prompt": "正直に。",
        "response": "葛です。",
        "annotations": {
            "honesty": {"rating": 2.0, "rationale": "言い切りすぎ。"},
            "helpfulness": {"rating": None, "rationale": ""},
        },
        "critique": "もう少し調べましょう。",
        "overall_score": 3.0,
        "fine_grained_score": 2.0,
    }
    assert told["completions"][1]["fine_grained_score"] == 4.5


def test_without_a_critique_and_with_the_overall_aspect_alone() -> None:
    parts = {"aspects": {}, "overall": 4.0, "rationales": {"overall": "よい。"}}
    [told] = Completions()(Record("a", (1,), {"answers": [answer("葛です。", "a", parts)]}))["completions"]
    assert (told["critique"], told["overall_score"], told["fine_grained_score"]) == (None, None, 4.0)
    assert told["annotations"] == {"overall": {"rating": 4.0, "rationale": "よい。"}}


def test_no_answers_are_no_completions() -> None:
    assert Completions()(Record("a", (1,), {"answers": []})) == {"models": [], "completions": []}
