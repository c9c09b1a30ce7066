"""A model whose replies are written down: for tests, golden files and demonstrations. It is a model like any other.

In a run file, ``kind: scripted`` with ``file:`` names a JSON-lines file. Each line is one reply, used once, in order::

    {"reply": "京都は794年に都になりました。"}
    {"match": "地震", "reply": {"text": "机の下へ。", "thinking": "安全第一", "finish_reason": "stop"}}
    {"match": "天気", "reply": "晴れです。", "repeat": true}

``match`` is a piece of the last user message (or of the raw prompt); a line without it answers anything. The first line
that fits is taken; with ``repeat`` it stays. Usage is told only where a reply states it (``"usage": [12, 34]``): an
invented count would end in the sums of a run.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tanemaki.config.schema import ModelSettings
from tanemaki.core.errors import ModelError, SetupError, nearest, shorten
from tanemaki.core.model import Capability, Reply, Request
from tanemaki.core.record import Json
from tanemaki.models.json_lines import read_json_lines
from tanemaki.models.openai_compatible import ALL

Answer = str | Reply | ModelError | Mapping[str, Any]
"""One reply as it may be written down; a ``ModelError`` is raised."""
Script = (
    Iterable[Answer]
    | Mapping[str, Answer | Sequence[Answer]]
    | Callable[[Request], Answer | Sequence[Answer] | Awaitable[Answer | Sequence[Answer]]]
)


class Scripted:
    """A model that answers from a script.

    The script is a list or an iterator (used in the order of the calls), a mapping (the whole last user text, else the
    longest piece of it that is a key; a list under a key is used in order), or a function of the request, which may be
    ``async``. Only mapping and function give the same replies at any concurrency. A request with ``n`` above 1 takes n
    replies; a function gives a list for it, or one reply that is then given n times.

    Raises ``ModelError`` (``bad_request``) where the script has no reply.

    >>> import asyncio
    >>> model = Scripted({"首都": "東京です。"})
    >>> asyncio.run(model.reply(Request([{"role": "user", "content": "日本の首都は？"}]))).text
    '東京です。'
    """

    def __init__(
        self, script: Script, *, name: str = "scripted", capabilities: frozenset[Capability] = ALL
    ) -> None:
        self._name = name
        self._capabilities = capabilities
        self._answer: Callable[[Request], Any] = _answerer(script)

    @property
    def name(self) -> str:
        """The name that lineage records."""
        return self._name

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What it is said to do; everything if nothing is said."""
        return self._capabilities

    async def open(self) -> None:
        """Do nothing: a script is always ready."""

    async def reply(self, request: Request) -> Reply:
        """Return the next reply of the script."""
        answers = self._answer(request)
        if inspect.isawaitable(answers):
            answers = await answers
        if isinstance(answers, str | Reply | Mapping | ModelError):
            answers = [answers] * request.n
        replies = [self._read(answer) for answer in list(answers)[: request.n]]
        if len(replies) < request.n:
            raise _exhausted(request, f"{request.n} replies wanted, {len(replies)} given")
        return replies[0] if request.n == 1 else replace(replies[0], others=tuple(replies[1:]))

    async def close(self) -> None:
        """Do nothing."""

    def _read(self, answer: Answer) -> Reply:
        if isinstance(answer, ModelError):
            raise answer
        if isinstance(answer, str):
            return Reply(answer, model=self._name)
        if isinstance(answer, Mapping):
            answer = read_answer(answer)
        return answer if answer.model else answer.named(self._name)


def read_answer(answer: Mapping[str, Json]) -> Reply:
    """Return the reply that a mapping describes; everything but ``text`` may be left out.

    >>> read_answer({"text": "はい", "finish_reason": "length"}).was_cut
    True
    """
    known = ("text", "finish_reason", "thinking", "tool_calls", "usage", "logprobs", "model", "others")
    for key in answer:
        if key not in known:
            near = nearest(key, known)
            raise SetupError(
                f"a scripted reply has the unknown key {key!r}",
                got=shorten(dict(answer)),
                next=f"did you mean {near!r}?" if near else f"one of {', '.join(known)}",
            )
    return Reply.from_json({"text": "", "finish_reason": "stop", **answer})


def last_text(request: Request) -> str:
    """Return what a script looks at: the raw prompt, or the text of the last user message.

    >>> last_text(Request([{"role": "user", "content": "一"}, {"role": "assistant", "content": "二"}]))
    '一'
    """
    if request.prompt is not None:
        return request.prompt
    content = next(
        (turn.get("content") for turn in reversed(request.messages) if turn.get("role") == "user"), ""
    )
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, Mapping))
    return str(content or "")


def _answerer(script: Script) -> Callable[[Request], Any]:
    if callable(script):
        return script
    if isinstance(script, Mapping):
        kept = {
            key: deque(value) if isinstance(value, list | tuple) else value for key, value in script.items()
        }
        return lambda request: _from_mapping(kept, request)
    replies = iter(script)
    return lambda request: [_next_of(replies, request) for _ in range(request.n)]


def _next_of(replies: Iterator[Answer], request: Request) -> Answer:
    for answer in replies:
        return answer
    raise _exhausted(request, "every reply was used")


def _from_mapping(script: Mapping[str, Any], request: Request) -> Any:
    text = last_text(request)
    fits = [text] if text in script else sorted((key for key in script if key in text), key=len)
    if not fits:
        raise _exhausted(request, "no key is a piece of it")
    found = script[fits[-1]]
    if not isinstance(found, deque):
        return found
    if len(found) < request.n:
        raise _exhausted(request, f"every reply under {shorten(fits[-1], 60)} was used")
    return [found.popleft() for _ in range(request.n)]


def _exhausted(request: Request, why: str) -> ModelError:
    return ModelError(
        "the script has no reply to this request",
        fault="bad_request",
        got=f"{shorten(last_text(request), 120)}; {why}",
        next="add one to the script",
    )


@dataclass(slots=True)
class _Line:
    match: str | None
    reply: Answer
    repeat: bool


def from_settings(role: str, settings: ModelSettings, base: Path) -> Scripted:  # noqa: ARG001
    """Return the model of a role of ``kind: scripted``. Raises ``SetupError`` for a file that is missing or misspelt."""
    lines = _read_script(base / (settings.file or ""))

    def answer(request: Request) -> list[Answer]:
        return [_take(lines, request) for _ in range(request.n)]

    return Scripted(answer, name=settings.name or "scripted")


def _take(lines: list[_Line], request: Request) -> Answer:
    text = last_text(request)
    for i, line in enumerate(lines):
        if line.match is None or line.match in text:
            if not line.repeat:
                del lines[i]
            return line.reply
    raise _exhausted(request, f"none of the {len(lines)} lines left fits")


def _read_script(path: Path) -> list[_Line]:
    lines = []
    for place, _, read in read_json_lines(path):
        if not isinstance(read.get("reply"), str | dict) or set(read) - {"match", "reply", "repeat"}:
            raise SetupError(
                "a line of the script is not one reply",
                where=place,
                got=shorten(read),
                next='write {"match": "…" or null, "reply": "…" or {"text": "…"}, "repeat": true or false}',
            )
        reply = read["reply"] if isinstance(read["reply"], str) else read_answer(read["reply"])
        lines.append(_Line(read.get("match"), reply, bool(read.get("repeat"))))
    return lines
