"""Texts that stop before they have said what they announced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import parts_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject

_OPEN_ENDS = (":", "：", ",", "、", "，", ";", "；", "(", "（", "「", "『", "“")


@dataclass(frozen=True, slots=True)
class Ending:
    """Keep records none of whose texts ends in the middle of a sentence or before an announced list.

    A colon, a comma, a semicolon or an opening bracket at the very end promises what does not follow: a small model that
    stops after "Here is how:", or a reply that a stop text cut. What ends without any sign (a heading, a line of code, a
    list's last item) is kept.

    Reasons: ``unfinished`` (measured: the last 40 characters).
    Source: ours.

    >>> Ending("text")(Record("a", (1,), {"text": "手順は次のとおりです："})).reason
    'unfinished'
    """

    field: str
    """A text, a list of texts, or messages."""
    reasons: ClassVar[tuple[str, ...]] = ("unfinished",)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        for part in parts_of(record, self.field):
            text = part.text.rstrip().rstrip("*_ \t\r\n")
            if text.endswith(_OPEN_ENDS):
                return Reject("unfinished", text[-40:], None, part.note())
        return record
