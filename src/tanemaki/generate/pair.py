"""A better and a worse response to one instruction, in the form that preference trainers read."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from tanemaki.core.record import FieldType, Json, Record


@dataclass(frozen=True, slots=True)
class Pair:
    """Write ``prompt``, ``chosen`` and ``rejected``, each as messages.

    Source: ours; the form is TRL's for conversations.

    >>> step = Pair("instruction", better="evolved_response", worse="response")
    >>> step(
    ...     Record(
    ...         "a",
    ...         (1,),
    ...         {"instruction": "春の花は？", "evolved_response": "桜や菜の花です。", "response": "桜。"},
    ...     )
    ... )["rejected"]
    [{'role': 'assistant', 'content': '桜。'}]
    """

    asked: str
    """The field with the instruction."""
    better: str
    """The field with the response that is chosen."""
    worse: str
    """The field with the one that is rejected."""
    name: str = dataclasses.field(default="pair", init=False)

    @property
    def reads(self) -> tuple[str, ...]:
        """The three texts."""
        return (self.asked, self.better, self.worse)

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The pair."""
        return dict.fromkeys(("prompt", "chosen", "rejected"), "messages")

    def __call__(self, record: Record) -> Mapping[str, Json]:
        """Give the pair."""
        return {
            "prompt": [{"role": "user", "content": record[self.asked]}],
            "chosen": [{"role": "assistant", "content": record[self.better]}],
            "rejected": [{"role": "assistant", "content": record[self.worse]}],
        }
