"""Conversations in the forms of other tools, to and from messages.

Two pure functions for each form. Those that say "loses nothing" give back what they were given; the others name what they
lose, and refuse with ``DataError`` where they would lose a turn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Literal

from tanemaki.core.errors import DataError, shorten
from tanemaki.core.fields import message_fault
from tanemaki.core.record import Json, Message

_SHAREGPT = {
    **dict.fromkeys(("human", "user", "prompter"), "user"),
    **dict.fromkeys(("gpt", "assistant", "chatgpt", "bing", "bard", "model"), "assistant"),
    "system": "system",
    **dict.fromkeys(("tool", "observation", "function_response"), "tool"),
    "function_call": "function_call",
}
"""Names of speakers that published sets in this form use → roles. Other trainers do not map ``human`` and ``gpt``."""

_SPEAKER = {"user": "human", "assistant": "gpt", "system": "system", "tool": "tool"}

_LABELS = {
    "en": {"system": "System: ", "user": "User: ", "assistant": "Assistant: "},
    "ja": {"system": "システム：", "user": "ユーザー：", "assistant": "アシスタント："},
}
_NAMES = {
    "system": ("system", "システム"),
    "user": ("user", "human", "ユーザー", "ユーザ", "人間", "質問者"),
    "assistant": ("assistant", "gpt", "bot", "ai", "アシスタント", "回答者"),
}
_ROLE_OF = {name: role for role, names in _NAMES.items() for name in names}
_ANY_NAME = "|".join(sorted(_ROLE_OF, key=len, reverse=True))
_LABEL = re.compile(rf"^[ \t　]*({_ANY_NAME})[ \t]*[:：][ \t　]?", re.MULTILINE | re.IGNORECASE)


def read_messages(value: Json) -> list[Message]:
    """Return a list of messages in the OpenAI form as they are; a JSON text of one is read. Raises ``DataError``.

    >>> read_messages('[{"role": "user", "content": "はい"}]')
    [{'role': 'user', 'content': 'はい'}]
    """
    value = _as_list(value)
    for message in value:
        fault = message_fault(message)
        if fault:
            raise DataError(fault, got=shorten(message))
    return [dict(message) for message in value]


def _as_list(value: Json) -> Sequence[Json]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except json.JSONDecodeError as error:
            raise DataError("the list of turns is a text that is not JSON", got=shorten(value)) from error
    if not isinstance(value, list | tuple):
        raise DataError("a list of turns was expected", got=shorten(value))
    if not value:
        raise DataError("the list of turns is empty", got="[]")
    return value


def from_sharegpt(turns: Json) -> list[Message]:
    """Return the messages of ShareGPT turns (``from``, ``value``). Raises ``DataError`` for an unknown speaker.

    A ``function_call`` turn becomes an assistant message with one tool call. Other keys of a turn are kept.

    >>> from_sharegpt([{"from": "human", "value": "やあ"}, {"from": "gpt", "value": "こんにちは"}])[1]
    {'role': 'assistant', 'content': 'こんにちは'}
    """
    messages: list[Message] = []
    for turn in _as_list(turns):
        if not isinstance(turn, Mapping) or not isinstance(turn.get("value"), str):
            raise DataError("a turn without a text under 'value'", got=shorten(turn))
        speaker = turn.get("from")
        role = _SHAREGPT.get(speaker.strip().lower()) if isinstance(speaker, str) else None
        if role is None:
            raise DataError(
                "a turn by an unknown speaker", got=shorten(speaker), next=f"one of {', '.join(_SHAREGPT)}"
            )
        rest = {
            key: value for key, value in turn.items() if key not in ("from", "value") and value is not None
        }
        messages.append(
            _call_message(turn["value"], rest) if role == "function_call" else _message(role, turn, rest)
        )
    return messages


def _message(role: str, turn: Mapping[str, Json], rest: Mapping[str, Json]) -> Message:
    return {"role": role, "content": turn["value"], **rest}


def _call_message(text: str, rest: Mapping[str, Json]) -> Message:
    try:
        call = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError("a function call that is not JSON", got=shorten(text)) from error
    if not isinstance(call, Mapping) or not isinstance(call.get("name"), str):
        raise DataError("a function call without a name", got=shorten(text))
    arguments = call.get("arguments", {})
    arguments = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    function = {"name": call["name"], "arguments": arguments}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"type": "function", "function": function}],
        **rest,
    }


def to_sharegpt(messages: Sequence[Message]) -> list[dict[str, Json]]:
    """Return ShareGPT turns. Loses the ids of tool calls; refuses contents that are lists of parts and unknown roles.

    >>> to_sharegpt([{"role": "user", "content": "やあ"}])
    [{'from': 'human', 'value': 'やあ'}]
    """
    turns: list[dict[str, Json]] = []
    for message in messages:
        content, calls = message.get("content"), message.get("tool_calls") or ()
        if isinstance(content, str) and (content or not calls):
            turns.append({"from": _speaker(message), "value": content})
        elif not calls:
            raise DataError("ShareGPT turns hold texts only", got=shorten(content))
        turns.extend({"from": "function_call", "value": _call_text(call)} for call in calls)
    return turns


def _speaker(message: Message) -> str:
    role = message["role"]
    if role not in _SPEAKER:
        raise DataError(
            "ShareGPT has no speaker for this role", got=shorten(role), next=f"roles: {', '.join(_SPEAKER)}"
        )
    return _SPEAKER[role]


def _call_text(call: Mapping[str, Json]) -> str:
    function = call["function"]
    arguments = function["arguments"]
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except json.JSONDecodeError as error:
            raise DataError("a tool call whose arguments are not JSON", got=shorten(arguments)) from error
    return json.dumps({"name": function["name"], "arguments": arguments}, ensure_ascii=False)


def from_alpaca(instruction: str, input: str, output: str) -> list[Message]:  # noqa: A002 - the form's own name
    """Return two messages; instruction and input are joined by an empty line. Loses where one ends.

    >>> from_alpaca("要約して。", "長い文章", "要約")[0]["content"]
    '要約して。\\n\\n長い文章'
    """
    return from_qa(f"{instruction}\n\n{input}" if input else instruction, output)


def to_alpaca(messages: Sequence[Message]) -> dict[str, str]:
    """Return instruction, empty input and output. Loses nothing; refuses all but one question with one answer."""
    question, answer = to_qa(messages)
    return {"instruction": question, "input": "", "output": answer}


def from_qa(question: str, answer: str) -> list[Message]:
    """Return question and answer as two messages. Loses nothing."""
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


def to_qa(messages: Sequence[Message]) -> tuple[str, str]:
    """Return question and answer. Loses nothing; refuses all but one question with one answer.

    >>> to_qa(from_qa("東京の人口は？", "約1,400万人です。"))
    ('東京の人口は？', '約1,400万人です。')
    """
    plain = [
        (message["role"], message.get("content"))
        for message in messages
        if message.keys() <= {"role", "content"}
    ]
    if len(plain) != len(messages) or [role for role, _ in plain] != ["user", "assistant"]:
        got = ", ".join(str(message["role"]) for message in messages) or "no messages"
        raise DataError("one question with one answer was expected; more would be lost", got=shorten(got))
    (_, question), (_, answer) = plain
    if not isinstance(question, str) or not isinstance(answer, str):
        raise DataError("question and answer must be texts", got=shorten(messages))
    return question, answer


def has_roles(text: str) -> bool:
    """Tell whether the text starts with a speaker's label and holds a question and an answer.

    >>> has_roles("ユーザー：やあ\\nアシスタント：こんにちは"), has_roles("AI: a history")
    (True, False)
    """
    found = [_ROLE_OF[match.group(1).lower()] for match in _LABEL.finditer(text)]
    return bool(_LABEL.match(text.lstrip())) and "user" in found and "assistant" in found


def from_roles(text: str) -> list[Message]:
    """Return the messages of a text with labels at line starts (``user: …``, ``ユーザー：…``). Raises ``DataError``.

    Loses the wording of the labels and white space around a turn.

    >>> from_roles("ユーザー：やあ\\nアシスタント：こんにちは\\n元気ですか")[1]["content"]
    'こんにちは\\n元気ですか'
    """
    if not has_roles(text):
        raise DataError(
            "the text does not begin with a speaker, or lacks a question or an answer", got=shorten(text)
        )
    parts = _LABEL.split(text)
    return [
        {"role": _ROLE_OF[label.lower()], "content": turn.strip()}
        for label, turn in zip(parts[1::2], parts[2::2], strict=True)
    ]


def to_roles(messages: Sequence[Message], language: Literal["ja", "en"]) -> str:
    """Return the messages as one text with a label before each turn.

    Refuses what :func:`from_roles` would not read back: tools, parts, white space at the ends, a label inside a turn.

    >>> to_roles(from_qa("やあ", "こんにちは"), "ja")
    'ユーザー：やあ\\nアシスタント：こんにちは'
    """
    labels = _LABELS[language]
    for message in messages:
        if message["role"] not in labels or not isinstance(message.get("content"), str):
            raise DataError(
                "a text with roles holds plain turns of system, user and assistant", got=shorten(message)
            )
    text = "\n".join(labels[message["role"]] + message["content"] for message in messages)
    if not has_roles(text) or from_roles(text) != [dict(message) for message in messages]:
        raise DataError("these messages could not be read back from a text with roles", got=shorten(text))
    return text
