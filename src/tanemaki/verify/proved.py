"""Nothing passes that a second solver does not confirm: what a program posed and solved is solved again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.core.record import FieldType, Json, Record
from tanemaki.verify.resolved import fault_in


class NotProved(AssertionError):
    """A family and its second solver disagree, or an equation of a solution does not hold: a fault of the family."""


@dataclass(frozen=True, slots=True)
class Proved:
    """Solve every record's problem again with the family's second solver, check its equations, and write who confirmed it.

    There is no switch and no reason: a problem that a program posed and that does not come out is a fault of the program,
    and ends the run with its traceback before anything is written. Rows from elsewhere are checked with
    :class:`~tanemaki.verify.resolved.Resolved`, which rejects.

    Writes ``verified_by``: ``second_solver``.

    Raises: ``NotProved``.
    Cost: the second solver's, mostly under a millisecond.
    Source: ours; fault 8 of the published sets: a verification that was stored and never used.

    >>> Proved().writes
    {'verified_by': 'text'}
    """

    name: ClassVar[str] = "proved"
    reads: ClassVar[tuple[str, ...]] = (
        "family",
        "level",
        "parameters",
        "prompt",
        "answer",
        "solution",
        "method",
    )
    writes: ClassVar[Mapping[str, FieldType]] = {"verified_by": "text"}

    def __call__(self, record: Record) -> Mapping[str, Json]:
        """Solve again and compare."""
        fault = fault_in(record.fields)
        if fault is not None:
            raise NotProved(f"{record['family']} {record['parameters']}: {fault}")
        return {"verified_by": "second_solver"}
