"""Prompts and answers in whatever form a set holds them, as texts that a judge is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tanemaki.core.errors import DataError, shorten
from tanemaki.core.formats import from_sharegpt, read_messages
from tanemaki.core.prompt import show_value
from tanemaki.core.record import Json, Message

_ASSISTANT = "\n\nAssistant:"
_HUMAN = "\n\nHuman:"


def turns_of(value: Json) -> list[Message]:
    """Return messages of a list in the OpenAI or the ShareGPT form, or of one turn alone. Raises ``DataError``.

    >>> turns_of({"from": "gpt", "value": "桜です。"})
    [{'role': 'assistant', 'content': '桜です。'}]
    """
    turns = [value] if isinstance(value, Mapping) else value
    first = turns[0] if isinstance(turns, list | tuple) and turns else None
    return from_sharegpt(turns) if isinstance(first, Mapping) and "from" in first else read_messages(turns)


def is_turns(value: Json) -> bool:
    """Whether a value is a turn, a list of turns, or a JSON text of such a list."""
    if isinstance(value, str):
        return value.lstrip().startswith("[{")
    return isinstance(value, Mapping) or (isinstance(value, list | tuple) and bool(value))


def text_of(turns: Sequence[Message], alone: str) -> str:
    """Return turns as a text: the content where it is one turn of the role ``alone``, else each with its role before it.

    >>> text_of([{"role": "user", "content": "春の花は？"}], "user")
    '春の花は？'
    """
    plain = [{**turn, "content": _joined(turn.get("content"))} for turn in turns]
    if len(plain) == 1 and plain[0].get("role") == alone and isinstance(plain[0]["content"], str):
        return plain[0]["content"]
    return show_value(plain)


def _joined(content: Json) -> Json:
    """Return a list of parts that all are texts as one text; anything else as it is."""
    if not isinstance(content, list | tuple):
        return content
    texts = [
        part.get("text") if isinstance(part, Mapping) and part.get("type") == "text" else None
        for part in content
    ]
    return "\n".join(map(str, texts)) if texts and all(isinstance(text, str) for text in texts) else content


def prompt_and_sides(prompt: Json, sides: tuple[Json, Json]) -> tuple[str, str, str]:
    """Return prompt and two answers as texts.

    The prompt may be a text, turns, or nothing: then it is what both sides begin with, turns or the older form of one text
    with ``Human:`` and ``Assistant:``. A prompt that stands at the beginning of both sides is taken off them. Raises
    ``DataError`` for sides that are neither texts nor turns, a pair without prompt, and an answer without any text.

    >>> prompt_and_sides("春の花は？", ("桜です。", [{"role": "assistant", "content": "柿です。"}]))
    ('春の花は？', '桜です。', '柿です。')
    """
    if all(is_turns(side) for side in sides) and not all(isinstance(side, str) for side in sides):
        return _of_turns(prompt, turns_of(sides[0]), turns_of(sides[1]))
    texts = [
        text_of(turns_of(side), "assistant") if is_turns(side) and not isinstance(side, str) else side
        for side in sides
    ]
    first, second = (_text(one) for one in texts)
    if prompt is None or prompt == "":
        asked, first, second = _of_transcripts(first, second)
    else:
        asked = text_of(turns_of(prompt), "user") if is_turns(prompt) else _text(prompt)
    if first.startswith(asked) and second.startswith(asked):
        first, second = first[len(asked) :].strip(), second[len(asked) :].strip()
    return asked, _text(first), _text(second)


def _of_turns(prompt: Json, first: list[Message], second: list[Message]) -> tuple[str, str, str]:
    n_shared = 0
    while n_shared < min(len(first), len(second)) - 1 and first[n_shared] == second[n_shared]:
        n_shared += 1
    asked = first[:n_shared]
    if not any(turn["role"] == "user" for turn in asked) and prompt is not None:
        told = turns_of(prompt) if is_turns(prompt) else [{"role": "user", "content": _text(prompt)}]
        asked = [*told, *(turn for turn in asked if turn not in told)]
    if not asked:
        raise DataError("a pair of answers without a prompt", got=shorten(first))
    return (
        _text(text_of(asked, "user")),
        _text(text_of(first[n_shared:], "assistant")),
        _text(text_of(second[n_shared:], "assistant")),
    )


def _of_transcripts(first: str, second: str) -> tuple[str, str, str]:
    """Part two transcripts that begin alike before the last answer that both begin."""
    n = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        n += 1
    end = first.rfind(_ASSISTANT, 0, n)
    if end < 0:
        raise DataError(
            "a pair of answers without a prompt", got=shorten(first), next="--columns prompt=COLUMN"
        )
    asked = first[:end].strip()
    one_turn = asked.startswith(_HUMAN.strip()) and _HUMAN not in asked and _ASSISTANT not in asked
    asked = asked[len(_HUMAN.strip()) :].strip() if one_turn else asked
    start = end + len(_ASSISTANT)
    return asked, first[start:].strip(), second[start:].strip()


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise DataError("an answer is neither a text nor turns", got=shorten(value))
    if not value.strip():
        raise DataError("an answer or a prompt without any text", got=repr(value))
    return value
