"""Thinking is kept apart from the text in every form in use, and a reply that only speaks of it stays whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanemaki.models.thinking import part_message, part_text

TAGGED = [
    ("<think>2と3を足す。</think>\n\n答えは5です。", "答えは5です。", "2と3を足す。"),
    ("<think>Add them.</think>The answer is 5.", "The answer is 5.", "Add them."),
    ("\n <think>\nまず京都を考える。\n</think>\n\n京都です。\n", "京都です。", "まず京都を考える。"),
    ("<thinking>hm</thinking>はい。", "はい。", "hm"),
    ("<thought>hm</thought>はい。", "はい。", "hm"),
    ("<seed:think>短く。</seed:think>はい。", "はい。", "短く。"),
    ("[THINK]Réfléchir[/THINK]こんにちは。", "こんにちは。", "Réfléchir"),
    ("◁think▷考え◁/think▷答え", "答え", "考え"),
    (
        "<|begin_of_thought|>\n場合分け。\n<|end_of_thought|>\n\n<|begin_of_solution|>\n3通り。\n<|end_of_solution|>",
        "3通り。",
        "場合分け。",
    ),
    (
        "<|channel|>analysis<|message|>user wants a poem<|end|><|start|>assistant<|channel|>final<|message|>古池や",
        "古池や",
        "user wants a poem",
    ),
    # the opening tag was written by the chat template
    ("まず足し算をして、\n確かめる。\n</think>\n\n5です。", "5です。", "まず足し算をして、\n確かめる。"),
    ("First I add.</think>5.", "5.", "First I add."),
    # cut while thinking
    ("<think>長い長い考えの途中で", "", "長い長い考えの途中で"),
    ("<think>", "", None),
    # several blocks, one of them between sentences
    ("<think>一</think>甲。\n<think>二</think>乙。", "甲。\n乙。", "一\n\n二"),
    ("はい。<think>言い過ぎ?</think>そうです。", "はい。そうです。", "言い過ぎ?"),
    # nothing was thought
    ("<think>\n\n</think>\n\nはい。", "はい。", None),
    # the thoughts speak of the tag, nest, or hold unbalanced backticks
    ("<think>I must not write <think> here.</think>Done.", "Done.", "I must not write <think> here."),
    ("<think>\n<think>a</think>b</think>答え", "答え", "<think>a</think>b"),
    ("<think>`</think>` を説明する。</think>答え", "答え", "`</think>` を説明する。"),
    ("<think>a ` b</think>use `x`", "use `x`", "a ` b"),
]

UNTOUCHED = [
    "",
    "  \n",
    "答えは5です。",
    "DeepSeek writes its reasoning between `<think>` and `</think>`.",
    "推論は `<think>…</think>` の中に書かれます。",
    "```xml\n<think>例</think>\n```\n上のように書きます。",
    "Use the <think> tag to mark reasoning.",
    "全角の＜think＞はタグではありません。",
    "ｱｲｳｴｵ 😀 mixed 日本語 text",
    "あ" * 200_000,
]


@pytest.mark.parametrize(("reply", "text", "thinking"), TAGGED)
def test_tagged_thinking_is_kept_apart(reply: str, text: str, thinking: str | None) -> None:
    assert part_text(reply) == (text, thinking)


@pytest.mark.parametrize("reply", UNTOUCHED)
def test_a_reply_without_thinking_comes_back_unchanged(reply: str) -> None:
    assert part_text(reply) == (reply, None)


def test_a_very_long_thought_is_parted_whole() -> None:
    thought = "足す。" * 100_000
    assert part_text(f"<think>{thought}</think>はい。") == ("はい。", thought)


MESSAGES: list[tuple[dict[str, Any], str, str | None]] = [
    ({"content": "5です。", "reasoning_content": "2+3"}, "5です。", "2+3"),
    ({"content": "5です。", "reasoning": "2+3"}, "5です。", "2+3"),
    ({"content": "5です。", "thinking": "2+3"}, "5です。", "2+3"),
    ({"content": "5です。", "reasoning": "2+3", "reasoning_content": "2+3"}, "5です。", "2+3"),
    ({"content": "5", "reasoning": [{"type": "reasoning.text", "text": "2"}, {"text": "+3"}]}, "5", "2+3"),
    ({"content": "5", "reasoning_details": [{"type": "reasoning.summary", "summary": "和"}]}, "5", "和"),
    ({"content": "5", "reasoning": None, "reasoning_details": [{"type": "reasoning.encrypted"}]}, "5", None),
    (
        {
            "content": [
                {"type": "thinking", "thinking": [{"type": "text", "text": "和"}]},
                {"type": "text", "text": "5"},
            ]
        },
        "5",
        "和",
    ),
    ({"content": [{"type": "text", "text": "一、"}, {"type": "text", "text": "二"}]}, "一、二", None),
    ({"content": None, "reasoning_content": "途中"}, "", "途中"),
    ({"content": None, "tool_calls": []}, "", None),
    ({"content": "<think>b</think>答え", "reasoning_content": "a"}, "答え", "a\n\nb"),
    ({"content": "<think>a</think>答え", "reasoning_content": "a"}, "答え", "a"),
    ({"content": "はい。", "reasoning_content": ""}, "はい。", None),
    ({}, "", None),
]


@pytest.mark.parametrize(("message", "text", "thinking"), MESSAGES)
def test_every_form_of_a_message_is_parted(message: dict[str, Any], text: str, thinking: str | None) -> None:
    assert part_message(message) == (text, thinking)


words = st.text(alphabet="あア漢aZ0 。\n`", max_size=30)


@given(words, words)
def test_no_tag_is_left_in_a_text_that_was_parted(thought: str, answer: str) -> None:
    parted = part_text(f"<think>{thought}</think>{answer}")
    assert parted.text == answer.strip()
    assert parted.thinking == (thought.strip() or None)


@given(st.text())
def test_parting_twice_changes_nothing(reply: str) -> None:
    once = part_text(reply)
    assert part_text(once.text) == (once.text, None)
