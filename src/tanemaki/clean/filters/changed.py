"""Rewritten texts that were not rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import text_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.similarity import squeeze


@dataclass(frozen=True, slots=True)
class Changed:
    """Keep records whose text has other letters than the one it was made from; width, case and punctuation do not count.

    Leaving something out is a change, which is where this differs from
    :class:`~tanemaki.clean.filters.novelty.Novelty`: a response may get better by what is cut.

    Reasons: ``unchanged`` (measured: the text's beginning).
    Source: ours.

    >>> Changed("text", of="parent")(Record("a", (1,), {"text": "桜です！", "parent": "桜です。"})).reason
    'unchanged'
    """

    field: str
    """A text."""
    of: str
    """The text that it was made from."""
    reasons: ClassVar[tuple[str, ...]] = ("unchanged",)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, self.of)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        text = text_of(record, self.field)
        if squeeze(text) == squeeze(text_of(record, self.of)):
            return Reject("unchanged", text.strip()[:80])
        return record
