"""The children of an evolution that were eliminated, rejected by name."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from tanemaki.core.record import Json, Record
from tanemaki.core.verdict import Reject

ELIMINATED = "eliminated"
"""The field that says why a child was eliminated: None for a survivor, else a verdict as :func:`told` writes it."""


@dataclass(frozen=True, slots=True)
class Survives:
    """Keep the children that were not eliminated.

    Reasons: those of the evolution's eliminations; the note names the round and what was looked at.
    Source: ours.

    >>> told = {"reason": "no_information_gain", "measured": 0, "limit": 4, "note": "round 2, instruction"}
    >>> Survives(("no_information_gain",))(Record("a", (1, 2), {"eliminated": told})).reason
    'no_information_gain'
    """

    reasons: tuple[str, ...]
    """Closed list: ``Evolve.eliminations``."""
    name: str = dataclasses.field(default="survives", init=False)
    reads: tuple[str, ...] = dataclasses.field(default=(ELIMINATED,), init=False)

    def __call__(self, record: Record) -> Record | Reject:
        """Give the record back, or why it was eliminated."""
        told = record[ELIMINATED]
        return record if told is None else Reject(**told)


def told(rejected: Reject, round_: int, what: str) -> dict[str, Json]:
    """Return a verdict as a child carries it; its note begins with the round and what was looked at."""
    place = f"round {round_}, {what}"
    note = f"{place}: {rejected.note}" if rejected.note else place
    return {"reason": rejected.reason, "measured": rejected.measured, "limit": rejected.limit, "note": note}
