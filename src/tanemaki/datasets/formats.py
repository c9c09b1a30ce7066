"""A row of a dataset in the forms that trainers read.

==========================  =============================================  ================================================
form                        fields                                         read by
==========================  =============================================  ================================================
``messages``                messages                                       TRL's SFTTrainer; nearly every other trainer
``prompt_completion``       prompt, completion (messages)                  TRL's SFTTrainer: loss on the completion alone
``preference``              prompt, chosen, rejected                       TRL's DPOTrainer (also CPO, ORPO); KTOTrainer, too
``preference_implicit``     chosen, rejected, each with the whole talk     TRL's RewardTrainer
``kto``                     prompt, completion, label: two lines a pair    TRL's KTOTrainer (also BCO)
``sharegpt``                conversations (from, value)                    LLaMA-Factory, axolotl and older trainers
``alpaca``, ``qa``          instruction, input, output; question, answer   older trainers
``roles``                   text                                           what reads plain text
==========================  =============================================  ================================================

``messages`` is the form to prefer: some trainers rename the keys of ``sharegpt`` without mapping ``human`` and ``gpt`` to
roles. ``tools`` go along where a form has a place for them, as a JSON text: schemata of several tools are of several types,
which a table cannot hold, and TRL reads the text. The conversions are in :mod:`tanemaki.core.formats`.

Source: TRL's pages on dataset formats and its trainers' columns; LLaMA-Factory's on ShareGPT.
"""

from __future__ import annotations

import json
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
from tanemaki.datasets.pairs import pair_of

PAIRS = ("preference", "preference_implicit", "kto")
"""The forms of a pair of answers."""
FORMS = ("messages", "sharegpt", "alpaca", "qa", "prompt_completion", "roles", *PAIRS)
"""Names of the forms."""
_WITHOUT_TOOLS = ("alpaca", "qa", "roles")


def training_rows(form: str, row: Mapping[str, Json], language: Literal["ja", "en"]) -> list[dict[str, Json]]:
    """Return the row in the form, with the form's fields alone: one row, or the two of a pair in the form ``kto``.

    ``language`` is that of the labels of ``roles``. Raises ``DataError`` where the form would lose a part of the
    conversation, where a pair is none (a side is missing, both are equal), ``SetupError`` for an unknown form.

    >>> training_rows("alpaca", {"question": "空はなぜ青い？", "answer": "光の散乱です。"}, "ja")
    [{'instruction': '空はなぜ青い？', 'input': '', 'output': '光の散乱です。'}]
    >>> pair = {"prompt": "空はなぜ青い？", "chosen": "光の散乱です。", "rejected": "海の色です。"}
    >>> [(one["completion"], one["label"]) for one in training_rows("kto", pair, "ja")]
    [('光の散乱です。', True), ('海の色です。', False)]
    """
    if form not in FORMS:
        near = nearest(form, FORMS)
        raise SetupError(
            "unknown form of a dataset",
            got=repr(form),
            next=f"did you mean {near!r}?" if near else f"one of {', '.join(FORMS)}",
        )
    tools = _tools(row)
    if tools and form in _WITHOUT_TOOLS:
        raise DataError(f"the form {form!r} has no place for tools", got=tools["tools"][:80])
    shaped = _pair_rows(form, row) if form in PAIRS else [_row(form, row, language)]
    return [one | tools for one in shaped]


def _tools(row: Mapping[str, Json]) -> dict[str, str]:
    tools = row.get("tools")
    if not tools:
        return {}
    return {"tools": tools if isinstance(tools, str) else json.dumps(tools, ensure_ascii=False)}


def _row(form: str, row: Mapping[str, Json], language: Literal["ja", "en"]) -> dict[str, Json]:
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


def _pair_rows(form: str, row: Mapping[str, Json]) -> list[dict[str, Json]]:
    pair = pair_of(row)
    if form == "preference_implicit":
        return [{"chosen": pair.whole(pair.chosen), "rejected": pair.whole(pair.rejected)}]
    if pair.prompt is None:
        raise DataError(
            "the sides of the pair share no beginning that could be the prompt",
            got=f"fields: {', '.join(row)}",
            next="name the column with the prompt `prompt`, or export as preference_implicit",
        )
    if form == "preference":
        return [{"prompt": pair.prompt, "chosen": pair.chosen, "rejected": pair.rejected}]
    sides = ((pair.chosen, True), (pair.rejected, False))
    return [{"prompt": pair.prompt, "completion": side, "label": label} for side, label in sides]


def messages_of(row: Mapping[str, Json]) -> list[Message]:
    """Return the conversation that a row holds under any of the usual fields; of a pair, the one with the chosen side.

    Raises ``DataError`` if it holds none.

    >>> messages_of({"prompt": "俳句を一つ。", "completion": "古池や"})[1]["content"]
    '古池や'
    """
    if all(row.get(name) is not None for name in ("prompt", "chosen", "rejected")):
        return _chosen(row)  # whatever the source of the pair had beside it: its own answer, a conversation
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
    if row.get("chosen") is not None and row.get("rejected") is not None:
        return _chosen(row)
    raise DataError(
        "the row holds no conversation",
        got=f"fields: {', '.join(row) or 'none'}",
        next="a conversation is a field `messages`, or question and answer, prompt and completion, instruction and output",
    )


def _chosen(row: Mapping[str, Json]) -> list[Message]:
    pair = pair_of(row)
    if pair.prompt is None:
        raise DataError("the chosen side is no conversation: nobody asks", got=f"fields: {', '.join(row)}")
    if isinstance(pair.chosen, str):
        return from_qa(pair.prompt, pair.chosen)
    return read_messages(pair.whole(pair.chosen))
