"""Calls of tools as plain JSON, for models that have none of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tanemaki.core.record import Json, Message

CALLS: Mapping[str, Json] = {
    "title": "turn",
    "type": "object",
    "properties": {
        "say": {"type": "string"},
        "calls": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "arguments": {"type": "object"}},
                "required": ["name", "arguments"],
            },
        },
    },
    "required": ["say", "calls"],
}
"""What a turn of the assistant looks like: what it says, and what it calls."""


def as_text(message: Message) -> Message:
    """Return a message as a model without tools can be shown it."""
    if message["role"] == "tool":
        return {"role": "user", "content": f"[result {message['tool_call_id']}] {message['content']}"}
    if "tool_calls" in message:
        calls = [
            {"name": call["function"]["name"], "arguments": json.loads(call["function"]["arguments"])}
            for call in message["tool_calls"]
        ]
        return {
            "role": "assistant",
            "content": json.dumps({"say": message["content"], "calls": calls}, ensure_ascii=False),
        }
    return message
