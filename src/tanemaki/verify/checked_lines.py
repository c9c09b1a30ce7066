"""Free solutions whose arithmetic holds, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.verify.claimed_sums import find_claims


@dataclass(frozen=True, slots=True)
class CheckedLines:
    """Keep records in whose text every sum holds: a right answer reached by a wrong line is not kept.

    Read are equalities between numbers with what people write around them: units, currencies, brackets, fractions, per cent,
    powers, chains, remainders, rounding. Equations with letters and what is said in words are not looked at.

    Reasons: ``wrong_line`` (measured: the first wrong sum; limit: what it makes; note: all of them).
    Cost: one pass over the lines with an equals sign.
    Source: ours; requirement C17: reasoning steps checked line by line for arithmetic.

    >>> CheckedLines("response")(Record("a", (1,), {"response": "3 + 4 = 7。\\n7 × 12円 = 85円"}))
    Reject(reason='wrong_line', measured='7 × 12円 = 85', limit='7 × 12 makes 84, not 85', note=None)
    """

    field: str
    """The text."""
    reasons: ClassVar[tuple[str, ...]] = ("wrong_line",)

    @property
    def reads(self) -> tuple[str, ...]:
        """The text."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        wrong = [claim for claim in find_claims(str(record[self.field])) if not claim.right]
        if not wrong:
            return record
        note = "; ".join(claim.text for claim in wrong)[:200] if len(wrong) > 1 else None
        return Reject("wrong_line", wrong[0].text[:120], wrong[0].said[:120], note)
