"""A row of a dataset in the forms that trainers read.

The conversions themselves are in :mod:`tanemaki.core.formats`; here is which fields of a row they take. ``messages`` is the
form to prefer: some trainers rename the keys of ``sharegpt`` without mapping ``human`` and ``gpt`` to roles.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tanemaki.core.errors import DataError, SetupError, nearest
from tanemaki.core.formats import (
    from_alpaca,
    from_qa,
    read_messages,
    to_alpaca,
    to_qa,
    to_roles,
    to_sharegpt,
)
from tanemaki.core.record import Json, Message

FORMS = ("messages", "sharegpt", "alpaca", "qa", "prompt_completion", "roles", "preference")
"""Names of the forms."""


def training_row(form: str, row: Mapping[str, Json], language: Literal["ja", "en"]) -> dict[str, Json]:
    """Return the row in the form, with the form's fields alone.

    ``language`` is that of the labels of ``roles``. Raises ``DataError`` where the form would lose a part of the
    conversation, ``SetupError`` for an unknown form.

    >>> training_row("alpaca", {"question": "空はなぜ青い？", "answer": "光の散乱です。"}, "ja")
    {'instruction': '空はなぜ青い？', 'input': '', 'output': '光の散乱です。'}
    """
    if form not in FORMS:
        near = nearest(form, FORMS)
        raise SetupError(
            "unknown form of a dataset",
            got=repr(form),
            next=f"did you mean {near!r}?" if near else f"one of {', '.join(FORMS)}",
        )
    if form == "preference":
        return _preference(row)
    messages = messages_of(row)
    if form == "messages":
        return {"messages": messages}
    if form == "sharegpt":
        return {"conversations": to_sharegpt(messages)}
    if form == "alpaca":
        return dict(to_alpaca(messages))
    if form == "roles":
        return {"text": to_roles(messages, language)}
    if form == "qa":
        question, answer = to_qa(messages)
        return {"question": question, "answer": answer}
    if not messages or messages[-1]["role"] != "assistant":
        raise DataError("a completion must be the assistant's last turn", got="no such turn")
    return {"prompt": messages[:-1], "completion": messages[-1:]}


def messages_of(row: Mapping[str, Json]) -> list[Message]:
    """Return the conversation that a row holds under any of the usual fields. Raises ``DataError`` if it holds none.

    >>> messages_of({"prompt": "俳句を一つ。", "completion": "古池や"})[1]["content"]
    '古池や'
    """
    if row.get("messages") is not None:
        return read_messages(row["messages"])
    for asked, answered in (("question", "answer"), ("prompt", "completion")):
        pair = row.get(asked), row.get(answered)
        if isinstance(pair[0], str) and isinstance(pair[1], str):
            return from_qa(pair[0], pair[1])
        if isinstance(pair[0], list) and isinstance(pair[1], list):
            return read_messages([*pair[0], *pair[1]])
    parts = row.get("instruction"), row.get("input") or "", row.get("output")
    if isinstance(parts[0], str) and isinstance(parts[1], str) and isinstance(parts[2], str):
        return from_alpaca(parts[0], parts[1], parts[2])
    raise DataError(
        "the row holds no conversation",
        got=f"fields: {', '.join(row) or 'none'}",
        next="a conversation is a field `messages`, or question and answer, prompt and completion, instruction and output",
    )


def _preference(row: Mapping[str, Json]) -> dict[str, Json]:
    if row.get("chosen") is None or row.get("rejected") is None:
        raise DataError("the row holds no pair of answers", got=f"fields: {', '.join(row) or 'none'}")
    return {name: row[name] for name in ("prompt", "chosen", "rejected") if row.get(name) is not None}
