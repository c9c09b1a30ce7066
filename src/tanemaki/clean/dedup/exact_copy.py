"""Records whose text an earlier record has letter by letter."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

from tanemaki.core.record import Record
from tanemaki.core.seeding import digest
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import normalise

_BYTES = 16  # two of a billion texts share these once in 10**20 runs


@dataclass(frozen=True, slots=True)
class ExactCopy:
    """Keep the first of several records with the same text; width, case and white space aside.

    For texts of which one number makes another problem: nothing but the same text is a copy.

    Reasons: ``exact_copy`` (measured: the id of the earlier record).
    Cost: one hash a record; about 200 bytes of memory for each that is kept.
    Source: the exact level of de-duplication, on normalised texts (CCNet, arXiv 1911.00359, does so with paragraphs).

    >>> step = ExactCopy("prompt")
    >>> state = step.start(None)
    >>> first = Record("a", (1,), {"prompt": "3本と5本で何本ですか。"})
    >>> step.decide(state, first) is first
    True
    >>> step.decide(state, Record("b", (2,), {"prompt": "３本と５本で何本ですか。"})).measured
    'a'
    >>> step.decide(state, Record("c", (3,), {"prompt": "3本と6本で何本ですか。"})).id
    'c'
    """

    field: str
    """A text."""
    kind: Literal["ordered"] = dataclasses.field(default="ordered", init=False)
    reasons: tuple[str, ...] = dataclasses.field(default=("exact_copy",), init=False)

    @property
    def reads(self) -> tuple[str, ...]:
        """The text."""
        return (self.field,)

    def start(self, context: Context) -> dict[bytes, str]:  # noqa: ARG002 - nothing is known before the first record
        """Return that nothing was seen."""
        return {}

    def decide(self, state: dict[bytes, str], record: Record) -> Record | Reject:
        """Give the record back, or the rejection that names whose copy it is."""
        key = digest(normalise(str(record[self.field])))[:_BYTES]
        if key in state:
            return Reject("exact_copy", state[key])
        state[key] = record.id
        return record
