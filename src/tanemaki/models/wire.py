"""From the body of an OpenAI-compatible answer to a ``Reply``. Pure.

A body that cannot be used raises ``ModelError``; a reply that is merely poor (empty, cut, off the topic) is a reply: it was
paid for, and it is for the steps to judge.
"""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.core.errors import ModelError
from tanemaki.core.model import FinishReason, Reply, Usage
from tanemaki.core.record import Json
from tanemaki.models.faults import Asked, fault_in_body, malformed
from tanemaki.models.http import Answer
from tanemaki.models.thinking import Parted, part_message, part_text

_FINISH: dict[str, FinishReason] = {
    "stop": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "length": "length",
    "max_tokens": "length",
    "model_length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}


_MOST_TOKENS = 2**40
"""What a server counts beyond this, or below 0, is no count."""


def read_reply(body: Json, asked: Asked, n: int = 1) -> Reply:
    """Return the reply that a parsed body holds; ``n`` is how many were asked for.

    Raises ``ModelError``: ``content_refused`` where the provider's filter took every reply, ``server`` where the server says
    that it failed midway, ``bad_request`` (which ends the run) where it ignored ``n``, ``malformed`` for anything else.
    Where there are choices the work was done, and is paid: ``is_paid`` of the error says so.

    >>> asked = Asked("writer", "m", "http://localhost/v1")
    >>> read_reply({"choices": [{"message": {"content": "はい。"}, "finish_reason": "stop"}]}, asked).text
    'はい。'
    """
    if not isinstance(body, Mapping):
        raise malformed("the reply is not an object", body, asked)
    if body.get("error"):
        raise fault_in_body(body["error"], asked)
    choices = body.get("choices")
    if (
        not isinstance(choices, list)
        or not choices
        or not all(isinstance(choice, Mapping) for choice in choices)
    ):
        raise malformed("the reply has no choices", body, asked)
    try:
        return _read_choices(body, asked, n)
    except ModelError as fault:
        fault.is_paid = True
        raise


def _read_choices(body: Mapping[str, Json], asked: Asked, n: int) -> Reply:
    choices = body["choices"]
    if len(choices) > 1:
        choices = sorted(choices, key=_index)
    replies = [_read_choice(choice, body, asked) for choice in choices]
    if all(reply.finish_reason == "content_filter" for reply in replies):
        raise ModelError(
            "the provider's filter cut the reply",
            fault="content_refused",
            where=f"model {asked.role} ({asked.name}) at {asked.where}",
        )
    _check_count(len(replies), n, asked)
    reply, usage = replies[0], body.get("usage")
    if isinstance(usage, Mapping):
        reply.usage = _read_usage(usage)
    reply.others = tuple(replies[1:])
    return reply


def _index(choice: Mapping[str, Json]) -> int:
    index = choice.get("index")
    return index if isinstance(index, int) else 0


def _read_choice(choice: Mapping[str, Json], body: Mapping[str, Json], asked: Asked) -> Reply:
    if choice.get("error"):
        raise fault_in_body(choice["error"], asked)
    finish = choice.get("finish_reason")
    if finish in ("error", "abort"):
        raise fault_in_body({"message": f"finish_reason {finish!r}", "code": 500}, asked)
    message = choice.get("message")
    if isinstance(message, Mapping):
        parted, calls = _read_message(message), _read_calls(message, asked)
    elif isinstance(choice.get("text"), str):
        parted, calls = part_text(choice["text"]), []
    else:
        raise malformed("a choice of the reply has neither message nor text", choice, asked)
    return Reply(
        text=parted.text,
        finish_reason=_FINISH.get(str(finish), "unknown"),
        thinking=parted.thinking,
        tool_calls=tuple(calls),
        logprobs=choice.get("logprobs"),
        model=str(body.get("model") or asked.name),
    )


def _read_message(message: Mapping[str, Json]) -> Parted:
    parted = part_message(message)
    refusal = message.get("refusal")
    # OpenAI sends a model's own refusal under a name of its own. It is what the model said.
    return parted if parted.text or not isinstance(refusal, str) else Parted(refusal, parted.thinking)


def _read_calls(message: Mapping[str, Json], asked: Asked) -> list[Mapping[str, Json]]:
    calls = message.get("tool_calls") or []
    if not isinstance(calls, list) or not all(isinstance(call, Mapping) for call in calls):
        raise malformed("the reply's tool calls are no list of objects", calls, asked)
    return calls


def _read_usage(usage: Mapping[str, Json]) -> Usage:
    counts = (usage.get("prompt_tokens"), usage.get("completion_tokens"))
    return Usage(*(count if type(count) is int and 0 <= count < _MOST_TOKENS else None for count in counts))


def _check_count(n_given: int, n_asked: int, asked: Asked) -> None:
    if n_given >= n_asked:
        return
    raise ModelError(
        f"{n_asked} replies were asked for in one call, and the endpoint gave {n_given}",
        fault="bad_request" if n_given == 1 else "malformed",
        retryable=n_given > 1,
        ends_run=n_given == 1,
        where=f"model {asked.role} ({asked.name}) at {asked.where}",
        next=f"this endpoint ignores n: list what it can do, without 'n', under models.{asked.role}.capabilities",
    )


def parse(answer: Answer) -> Json:
    """Return the parsed body. Raises ``ValueError`` where it is not whole JSON.

    >>> parse(Answer(200, b'{"data": []}', {}))
    {'data': []}
    """
    import orjson

    return orjson.loads(answer.body)


def listed_models(body: Json) -> list[Mapping[str, Json]]:
    """Return the entries of a ``/models`` body; none where it is of another form.

    >>> [entry["id"] for entry in listed_models({"data": [{"id": "qwen3"}]})]
    ['qwen3']
    """
    data = body.get("data") if isinstance(body, Mapping) else body
    if not isinstance(data, list):
        return []
    return [entry for entry in data if isinstance(entry, Mapping) and isinstance(entry.get("id"), str)]
