"""How values stand in a prompt and on the screen."""

from __future__ import annotations

from typing import Any

import pytest

from tanemaki.core.prompt import Prompt, show_value

CALL: dict[str, Any] = {
    "id": "c1",
    "type": "function",
    "function": {"name": "天気", "arguments": '{"都市": "東京"}'},
}


@pytest.mark.parametrize(
    ("turn", "shown"),
    [
        ({"role": "assistant", "content": None, "tool_calls": [CALL]}, 'assistant: 天気({"都市": "東京"})'),
        ({"role": "assistant", "tool_calls": [CALL]}, 'assistant: 天気({"都市": "東京"})'),
        (
            {"role": "assistant", "content": "調べます。", "tool_calls": [CALL, CALL]},
            'assistant: 調べます。\n天気({"都市": "東京"})\n天気({"都市": "東京"})',
        ),
        ({"role": "assistant", "content": "", "tool_calls": [{"name": "f"}]}, "assistant: name: f"),
        ({"role": "tool", "content": "晴れ☀️", "tool_call_id": "c1"}, "tool: 晴れ☀️"),
        ({"role": "user", "content": ""}, "user: "),
        ({"role": "農家"}, "role: 農家"),
    ],
)
def test_a_turn_is_shown_with_the_tools_that_it_calls(turn: dict[str, Any], shown: str) -> None:
    assert show_value(turn) == shown


def test_a_prompt_shows_a_judge_the_calls_of_a_dialogue() -> None:
    dialogue = [
        {"role": "user", "content": "東京の天気は？"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
    ]
    (message,) = Prompt("verdict", "ja", "評価してください。\n{{ messages }}").render({"messages": dialogue})
    assert message["content"] == '評価してください。\nuser: 東京の天気は？\nassistant: 天気({"都市": "東京"})'
