"""Two answers that may be the sides of a pair: they say different things, not the same in another dress."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.judge.candidates import MAX_SIMILARITY, similarity


@dataclass(frozen=True, slots=True)
class Apart:
    """Keep records whose two answers are no near copies of each other.

    Reasons: ``not_distinct`` (measured: :func:`~tanemaki.judge.candidates.similarity`; limit: the highest that is kept).
    Cost: linear in the answers.
    Source: ours; the limit is the one of every pair (``judge/candidates.py``).

    >>> Apart("answer", "other")(Record("a", (1,), {"answer": "葛の根です。", "other": "葛の根です！"}))
    Reject(reason='not_distinct', measured=1.0, limit=0.9, note=None)
    """

    one: str
    """The field with one answer."""
    other: str
    """The field with the other."""
    name: str = dataclasses.field(default="apart", init=False)
    reasons: tuple[str, ...] = dataclasses.field(default=("not_distinct",), init=False)

    @property
    def reads(self) -> tuple[str, ...]:
        """Both answers."""
        return (self.one, self.other)

    def __call__(self, record: Record) -> Record | Reject:
        """Give the record back, or how alike its answers are."""
        alike = similarity(record[self.one], record[self.other])
        return record if alike <= MAX_SIMILARITY else Reject("not_distinct", round(alike, 3), MAX_SIMILARITY)
