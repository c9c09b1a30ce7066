"""Conversations in the forms of other tools: round trips, and what is refused."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanemaki.core.errors import DataError
from tanemaki.core.formats import (
    from_alpaca,
    from_qa,
    from_roles,
    from_sharegpt,
    has_roles,
    read_messages,
    to_alpaca,
    to_qa,
    to_roles,
    to_sharegpt,
)
from tanemaki.core.record import Message

DIALOGUE: list[Message] = [
    {"role": "system", "content": "短く答えます。"},
    {"role": "user", "content": "葛と寒天の違いは？"},
    {"role": "assistant", "content": "原料が違います。\n葛は根、寒天は海藻です。"},
]


def test_sharegpt_turns_come_back_as_they_were() -> None:
    assert from_sharegpt(to_sharegpt(DIALOGUE)) == DIALOGUE
    assert [turn["from"] for turn in to_sharegpt(DIALOGUE)] == ["system", "human", "gpt"]


def test_sharegpt_calls_and_their_results_come_back() -> None:
    turns = [
        {"from": "human", "value": "京都の天気は？"},
        {"from": "function_call", "value": '{"name": "weather", "arguments": {"city": "京都"}}'},
        {"from": "observation", "value": "晴れ"},
        {"from": "gpt", "value": "晴れです。"},
    ]
    messages = from_sharegpt(turns)
    assert [message["role"] for message in messages] == ["user", "assistant", "tool", "assistant"]
    assert messages[1]["tool_calls"][0]["function"] == {"name": "weather", "arguments": '{"city": "京都"}'}
    assert [turn["from"] for turn in to_sharegpt(messages)] == ["human", "function_call", "tool", "gpt"]
    assert to_sharegpt(messages)[1] == turns[1]


def test_further_keys_of_a_turn_are_kept() -> None:
    assert from_sharegpt([{"from": "GPT ", "value": "はい", "weight": 0, "markdown": None}]) == [
        {"role": "assistant", "content": "はい", "weight": 0}
    ]


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        ([{"from": "narrator", "value": "夜だった。"}], "a turn by an unknown speaker"),
        ([{"from": None, "value": "夜だった。"}], "a turn by an unknown speaker"),
        ([{"from": "human", "value": None}], "a turn without a text under 'value'"),
        ([{"role": "user", "content": "a"}], "a turn without a text under 'value'"),
        (["human: a"], "a turn without a text under 'value'"),
        ([], "the list of turns is empty"),
        ("やあ", "a list of turns was expected"),
        ("[broken", "the list of turns is a text that is not JSON"),
        ([{"from": "function_call", "value": "f(x)"}], "a function call that is not JSON"),
        ([{"from": "function_call", "value": "[]"}], "a function call without a name"),
    ],
)
def test_turns_of_another_form_are_refused(turns: Any, told: str) -> None:
    with pytest.raises(DataError) as caught:
        from_sharegpt(turns)
    assert caught.value.what == told


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ({"role": "user", "content": [{"type": "text", "text": "a"}]}, "ShareGPT turns hold texts only"),
        ({"role": "critic", "content": "a"}, "ShareGPT has no speaker for this role"),
        (
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"function": {"name": "f", "arguments": "x"}}],
            },
            "a tool call whose arguments are not JSON",
        ),
    ],
)
def test_sharegpt_refuses_what_it_would_lose(message: Message, told: str) -> None:
    with pytest.raises(DataError) as caught:
        to_sharegpt([message])
    assert caught.value.what == told


def test_alpaca_joins_instruction_and_input_and_keeps_the_rest() -> None:
    messages = from_alpaca("要約してください。", "長い文章。", "短い文章。")
    assert messages[0] == {"role": "user", "content": "要約してください。\n\n長い文章。"}
    assert to_alpaca(messages) == {
        "instruction": "要約してください。\n\n長い文章。",
        "input": "",
        "output": "短い文章。",
    }
    assert from_alpaca(**to_alpaca(messages)) == messages


@pytest.mark.parametrize(
    "messages",
    [
        [],
        DIALOGUE,
        [{"role": "user", "content": "a"}],
        [{"role": "user", "content": "a", "name": "b"}, {"role": "assistant", "content": "c"}],
        [{"role": "user", "content": None}, {"role": "assistant", "content": "c"}],
    ],
)
def test_a_pair_refuses_all_but_one_question_with_one_answer(messages: list[Message]) -> None:
    with pytest.raises(DataError, match=r"question"):
        to_qa(messages)


@given(st.text(), st.text())
def test_questions_with_answers_come_back(question: str, answer: str) -> None:
    assert to_qa(from_qa(question, answer)) == (question, answer)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_text_with_roles_comes_back(language: Literal["ja", "en"]) -> None:
    assert from_roles(to_roles(DIALOGUE, language)) == DIALOGUE


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("user: hi\nassistant: hello", ["user", "assistant"]),
        ("Human: hi\n\nAssistant: hello\n\nHuman: bye", ["user", "assistant", "user"]),
        ("ユーザー：やあ\nアシスタント：こんにちは", ["user", "assistant"]),
        ("システム: 短く。\nユーザ: やあ\nAI: はい", ["system", "user", "assistant"]),
        ("\n　質問者：なぜ？\n　回答者：光の散乱です。", ["user", "assistant"]),
    ],
)
def test_labels_of_both_languages_and_widths_are_read(text: str, roles: list[str]) -> None:
    assert [message["role"] for message in from_roles(text)] == roles


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ただの文章です。",
        "user: 一人だけ",
        "前置き\nuser: a\nassistant: b",
        "彼は言った。user: a assistant: b",
        "😀" * 1000,
    ],
)
def test_a_text_without_both_speakers_at_line_starts_has_no_roles(text: str) -> None:
    assert not has_roles(text)
    with pytest.raises(DataError, match="does not begin with a speaker"):
        from_roles(text)


@pytest.mark.parametrize("content", ["答え\nuser: 次の問い", " 前に空白", "末尾に空白 ", "a\nシステム：b"])
def test_a_turn_that_could_not_be_read_back_is_refused(content: str) -> None:
    with pytest.raises(DataError, match="could not be read back"):
        to_roles([{"role": "user", "content": "問い"}, {"role": "assistant", "content": content}], "ja")


def test_roles_hold_plain_turns_only() -> None:
    with pytest.raises(DataError, match="plain turns"):
        to_roles([{"role": "tool", "content": "x"}], "en")


def test_messages_are_read_as_they_are_and_from_a_json_text() -> None:
    assert read_messages(DIALOGUE) == DIALOGUE
    assert read_messages('[{"role": "user", "content": "やあ"}]') == [{"role": "user", "content": "やあ"}]
    with pytest.raises(DataError) as caught:
        read_messages([{"role": "user"}])
    assert caught.value.what == "a message without content"
    assert caught.value.got == "{'role': 'user'}"
