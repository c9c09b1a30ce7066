"""How a dialogue begins that goes on from what the source brings along."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from tanemaki.core.record import FieldType, Json, Message, Record
from tanemaki.core.verdict import Reject

First = Literal["persona", "instruction", "pair", "messages"]
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "persona": ("persona",),
    "instruction": ("instruction",),
    "pair": ("instruction", "output"),
    "messages": ("messages",),
}


@dataclass(frozen=True, slots=True)
class OpenWith:
    """Turn what a row brings along into the messages that a dialogue goes on from.

    ``persona``: none, the person asks first. ``instruction``: the user's first turn, to be answered. ``pair``: the first
    turn and its answer (``output``); a text in the column ``input`` belongs to the instruction. ``messages``: a dialogue
    of user and assistant in turn. System and tool messages are not gone on from: their row is rejected.

    Reasons: ``bad_opening`` (measured: what is wrong).
    Source: ours.

    >>> step = OpenWith("opening", first="pair")
    >>> step(Record("a", (1,), {"instruction": "葛とは？", "output": "根の澱粉です。"}))["opening"][1]
    {'role': 'assistant', 'content': '根の澱粉です。'}
    """

    field: str
    """The field that is written; the step's name, too."""
    first: First
    asker: str = "asker"
    """The field that the person's description is written to; empty where the source brings the first turn."""
    reasons: ClassVar[tuple[str, ...]] = ("bad_opening",)
    reads: tuple[str, ...] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads", _NEEDS[self.first])

    @property
    def name(self) -> str:
        """The step's name."""
        return self.field

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The messages, and who asks."""
        return {self.field: "messages", self.asker: "text"}

    def __call__(self, record: Record) -> Mapping[str, Json] | Reject:
        """Give the messages, or what is wrong with them."""
        if self.first == "persona":
            persona = record["persona"]
            if not _says(persona):
                return Reject("bad_opening", "no persona")
            return {self.field: [], self.asker: persona}
        messages = self._messages(record)
        fault = _fault(messages)
        return Reject("bad_opening", fault) if fault else {self.field: messages, self.asker: ""}

    def _messages(self, record: Record) -> Sequence[Message]:
        if self.first == "messages":
            return record["messages"] or ()
        asked = record["instruction"]
        if _says(record.get("input")):
            asked = f"{asked}\n\n{record['input']}"
        user: Message = {"role": "user", "content": asked}
        return [user, {"role": "assistant", "content": record["output"]}] if self.first == "pair" else [user]


def _fault(messages: Sequence[Message]) -> str | None:
    if not messages:
        return "no messages"
    for place, message in enumerate(messages):
        wanted = "assistant" if place % 2 else "user"
        if message.get("role") != wanted or message.get("tool_calls"):
            return f"message {place + 1} is not a plain turn of the {wanted}"
        if not _says(message.get("content")):
            return f"message {place + 1} says nothing"
    return None


def _says(text: Json) -> bool:
    return isinstance(text, str) and bool(text.strip())
