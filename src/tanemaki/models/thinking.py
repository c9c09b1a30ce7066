"""Keep what a model thought apart from what it said, in every form in which servers send it.

* a field of its own: ``reasoning_content``, ``reasoning`` (a text, or parts), ``thinking``, ``reasoning_details``;
* a content of parts, some of the type ``thinking`` or ``reasoning``;
* tags in the text: ``<think>…</think>`` and its kin, with the opening tag missing (the chat template wrote it), or with the
  closing tag missing (the reply was cut while the model thought).

A reply that only *mentions* a tag, in ```code``` or in the middle of a sentence without closing it, is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tanemaki.core.record import Json

_TAGS = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("<seed:think>", "</seed:think>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<|channel|>analysis<|message|>", "<|end|>"),
)
_CLOSING = dict(_TAGS)
_OPENING = {closing: opening for opening, closing in _TAGS}
_TAG = re.compile("|".join(re.escape(tag) for tag in sorted({*_CLOSING, *_OPENING}, key=len, reverse=True)))
_FIRSTS = frozenset(tag[0] for tag in (*_CLOSING, *_OPENING))
_CODE = re.compile(r"^(```|~~~)[^\n]*\n.*?^\1[^\n]*$|(`+)(?!`)[^\n]*?(?<!`)\2(?!`)", re.MULTILINE | re.DOTALL)
_WRAPPING = re.compile(
    r"<\|begin_of_solution\|>|<\|end_of_solution\|>|<\|start\|>assistant|<\|channel\|>final<\|message\|>|<\|return\|>"
)
"""What some models wrap their answer in, once their thoughts were wrapped as well."""


class Parted(NamedTuple):
    """A reply in its two parts; ``thinking`` is None where the model did not think."""

    text: str
    thinking: str | None


def part_text(reply: str) -> Parted:
    """Part a reply that may hold its thinking between tags.

    A text without such tags comes back unchanged; otherwise the white space around both parts goes.

    Source: ours; the tags are those that model cards and the parsers of vLLM, SGLang and llama.cpp name.

    >>> part_text("<think>2と3を足す。</think>\\n答えは5です。")
    Parted(text='答えは5です。', thinking='2と3を足す。')
    >>> part_text("まず足し算をして…</think>5です。").thinking
    'まず足し算をして…'
    >>> part_text("`<think>` は推論を囲むタグです。").thinking is None
    True
    """
    if not any(first in reply for first in _FIRSTS) or not _TAG.search(reply):
        return Parted(reply, None)
    said: list[str] = []
    thought: list[str] = []
    rest = reply
    while (block := _next_block(rest, is_first=not thought)) is not None:
        said.append(rest[: block.start])
        thought.append(rest[block.inner_start : block.inner_end])
        rest = rest[block.end :]
    if not thought:
        return Parted(reply, None)
    said.append(rest)
    text = _WRAPPING.sub("", "".join(said)).strip()
    return Parted(text, _joined(thought))


class _Block(NamedTuple):
    start: int
    inner_start: int
    inner_end: int
    end: int


def _next_block(reply: str, *, is_first: bool) -> _Block | None:
    masked = _CODE.sub(lambda code: "\0" * len(code[0]), reply)
    for tag in _TAG.finditer(masked):
        if tag[0] in _CLOSING:
            block = _opened_at(tag, masked, reply)
            if block is not None:
                return block
        elif is_first and tag[0] != "<|end|>":
            return _Block(0, 0, tag.start(), tag.end())
    return None


def _opened_at(tag: re.Match[str], masked: str, reply: str) -> _Block | None:
    """Return the block that this opening tag begins; None where it is only spoken of."""
    at_line_start = not masked[: tag.start()].rpartition("\n")[2].strip()
    end = _end_of(tag, masked)
    if end is None and not masked[: tag.start()].strip():
        # Backticks in the thoughts may pair with backticks in the answer and hide the tag between them.
        end = _end_of(tag, reply)
    if end is not None:
        return _Block(tag.start(), tag.end(), end[0], end[1])
    if at_line_start:
        return _Block(tag.start(), tag.end(), len(reply), len(reply))
    return None


def _end_of(tag: re.Match[str], text: str) -> tuple[int, int] | None:
    """Return where the closing tag begins and ends: the one at depth 0, or the last if blocks are not balanced."""
    closing = _CLOSING[tag[0]]
    depth, found, at = 1, None, tag.end()
    while depth and (end := text.find(closing, at)) >= 0:
        # An opening tag inside thoughts nests only where it stands first in its line; else it is spoken of.
        depth += len(re.findall(rf"^[ \t]*{re.escape(tag[0])}", text[at:end], re.MULTILINE)) - 1
        at = end + len(closing)
        found = (end, at)
    return found


def _joined(pieces: Iterable[str]) -> str | None:
    return "\n\n".join(piece.strip() for piece in pieces if piece.strip()) or None


_PLAIN = frozenset({"role", "content", "refusal", "tool_calls", "annotations", "function_call"})
"""Fields of a message that hold no thoughts."""


def part_message(message: Mapping[str, Json]) -> Parted:
    """Part the ``message`` of a chat reply, whatever fields the server uses.

    >>> part_message({"content": "5です。", "reasoning_content": "2+3"})
    Parted(text='5です。', thinking='2+3')
    """
    content = message.get("content")
    if isinstance(content, str) and message.keys() <= _PLAIN:
        return part_text(content)
    text, thinking = _part_content(content)
    parted = part_text(text)
    field = next(
        (
            found
            for name in ("reasoning_content", "reasoning", "thinking", "reasoning_details")
            if (found := _flat(message.get(name)).strip())
        ),
        "",
    )
    thoughts: list[str] = []
    for piece in (field, thinking, parted.thinking or ""):
        if piece.strip() and piece.strip() not in thoughts:
            thoughts.append(piece.strip())
    return Parted(parted.text, _joined(thoughts))


def _part_content(content: Json) -> tuple[str, str]:
    if not isinstance(content, list):
        return (content if isinstance(content, str) else ""), ""
    said: list[str] = []
    thought: list[str] = []
    for part in content:
        is_thought = isinstance(part, Mapping) and str(part.get("type")) in (
            "thinking",
            "reasoning",
            "reasoning_content",
        )
        (thought if is_thought else said).append(_flat(part))
    return "".join(said), "\n\n".join(thought)


def _flat(value: Json) -> str:
    """Return the text of a field that may be a text, a part, or a list of either."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_flat(part) for part in value)
    if isinstance(value, Mapping):
        keys = ("text", "thinking", "reasoning", "reasoning_content", "summary", "content")
        return next((flat for key in keys if (flat := _flat(value.get(key)))), "")
    return ""
