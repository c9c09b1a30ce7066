"""Rewritten texts that say nothing new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import text_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.similarity import shingles


@dataclass(frozen=True, slots=True)
class Novelty:
    """Keep records whose text holds something that the text it was made from does not.

    What is new is counted in runs of three letters. A text that only leaves something out, or that changes punctuation,
    width or case, has none. This is what can be known without asking anybody; whether the new letters *mean* anything is a
    judge's question.

    Reasons: ``no_information_gain`` (measured and limit in new runs).
    Source: "WizardLM" (arXiv 2304.12244, §3.2) asks a model whether an evolved instruction gains anything. Differs: what the
    letters show already is not asked.

    >>> Novelty("text", of="parent")(
    ...     Record("a", (1,), {"text": "春の俳句を書いて！", "parent": "春の俳句を書いて"})
    ... )
    Reject(reason='no_information_gain', measured=0, limit=4, note='by its letters')
    """

    field: str
    """A text."""
    of: str
    """The text that it was made from."""
    min_new_runs: int = 4  # a changed digit makes three new runs, a word of two kanji in a sentence four
    """Fewest new runs of three letters."""
    reasons: ClassVar[tuple[str, ...]] = ("no_information_gain",)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, self.of)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        new = shingles(text_of(record, self.field)) - shingles(text_of(record, self.of))
        if len(new) < self.min_new_runs:
            return Reject("no_information_gain", len(new), self.min_new_runs, "by its letters")
        return record
