"""Texts without anything to read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import parts_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject

_VISIBLE = re.compile("[^\\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\u3164\u2800]")


@dataclass(frozen=True, slots=True)
class NotEmpty:
    """Keep records whose every text shows at least one character; a list without texts is empty.

    Reasons: ``empty`` (measured and limit in visible characters).
    Source: ours; a reply of white space or zero-width characters passes every test for ``""``.

    >>> NotEmpty("text")(Record("a", (1,), {"text": "　\\u200b\\n"}))
    Reject(reason='empty', measured=0, limit=1, note=None)
    """

    field: str
    """A text, a list of texts, or messages."""
    reasons: ClassVar[tuple[str, ...]] = ("empty",)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        parts = parts_of(record, self.field)
        if not parts:
            return Reject("empty", 0, 1, "no text at all")
        for part in parts:
            if not _VISIBLE.search(part.text):
                return Reject("empty", 0, 1, part.note())
        return record
