"""A request and its reply as a conversation of two messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tanemaki.core.record import FieldType, Json, Record


@dataclass(frozen=True, slots=True)
class AsMessages:
    """Write two fields as the messages of a user and of an assistant.

    Source: ours; the OpenAI form.

    >>> step = AsMessages("messages", user="prompt", assistant="response")
    >>> step(Record("a", (1,), {"prompt": "春の花は？", "response": "桜です。"}))["messages"][1]
    {'role': 'assistant', 'content': '桜です。'}
    """

    field: str
    """The field that is written; the step's name, too."""
    user: str
    """The field with what the user says."""
    assistant: str
    """The field with what the assistant says."""

    @property
    def name(self) -> str:
        """The step's name."""
        return self.field

    @property
    def reads(self) -> tuple[str, ...]:
        """Both fields."""
        return (self.user, self.assistant)

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The conversation."""
        return {self.field: "messages"}

    def __call__(self, record: Record) -> Mapping[str, Json]:
        """Give the conversation."""
        return {
            self.field: [
                {"role": "user", "content": record[self.user]},
                {"role": "assistant", "content": record[self.assistant]},
            ]
        }
