"""Rewritten texts that are about something else than what they were made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.off_topic import content_words
from tanemaki.clean.filters.parts import text_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import normalise

_FEW = 4  # content words below which nothing can be told: "空はなぜ青いの？" has one


@dataclass(frozen=True, slots=True)
class Drift:
    """Keep records whose text still speaks of what it was made from.

    Measured is the larger of two shares: of the text's content words that stand in the texts it was made from, and of their
    content words that stand in the text. So neither a long rewriting of a short text nor a short one of a long text is
    blamed for its length. Where one side has fewer than four content words nothing is said: that is a judge's business.

    Reasons: ``drifted`` (measured: the share; limit: the lowest that is kept).
    Source: ours; EvolQuality (arXiv 2312.15685) never looks whether the rewritten response still answers.

    >>> turn = {
    ...     "text": "京都の寺は庭が美しく、苔や石の配置を味わえます。",
    ...     "asked": "里芋の植え方と肥料の量、収穫の時期は？",
    ... }
    >>> Drift("text", of=("asked",))(Record("a", (1,), turn)).reason
    'drifted'
    """

    field: str
    """A text."""
    of: tuple[str, ...]
    """The texts that it was made from: the instruction, the response before it."""
    min_share: float = 0.1  # test_drift.py: rewritings measure 0.25 and more, what left the subject 0
    """Lowest share that is kept, 0 to 1."""
    reasons: ClassVar[tuple[str, ...]] = ("drifted",)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, *self.of)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        text, origin = text_of(record, self.field), "\n".join(text_of(record, name) for name in self.of)
        words, others = content_words(text), content_words(origin)
        if min(len(words), len(others)) < _FEW:
            return record
        share = max(_share(words, others, origin), _share(others, words, text))
        return (
            Reject("drifted", round(share, 3), self.min_share, "by its words")
            if share < self.min_share
            else record
        )


def _share(words: Sequence[str], others: Sequence[str], text: str) -> float:
    """Return the share of words that the other text says; a single kanji must be a word of its own there, too."""
    said = normalise(text)
    return sum(word in others or (len(word) > 1 and word in said) for word in words) / len(words)
