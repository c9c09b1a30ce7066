"""The cut of exactly-N: which of the rows that have ended belong to the dataset (promise 7).

The dataset is the accepted rows of the shortest prefix of ordinals that holds what is wanted. With quotas each stratum gives
its first rows in ordinal order; what was accepted beyond its quota is surplus. Where the source gives the field, the other
rows of a root whose stratum was full before it are not shown: whether it was asked depends on who finished first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tanemaki.engine.accounting import Accounting, Part
from tanemaki.engine.closing import UNREAD
from tanemaki.engine.quotas import Quotas, Stratum, Wanted, stratum_stored

Stored = tuple[Any, ...]
"""A row of the journal: root, path, status, step, reason …; with quotas the last two are the closure's number of rows (below
zero: the root was passed over) and what the quotas' field holds."""


class Cut:
    """Parts the rows of one run, root by root in ordinal order, and counts them."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.figures = Accounting()
        self.prefix = Accounting()
        """The same, but for what depends on who finished first: no rows behind the cut, and a root before which its stratum
        was full counts as passed over, whether it was asked or not."""
        quotas = wanted.rows if isinstance(wanted, Quotas) else {}
        self.strata = {name: Stratum(n) for name, n in quotas.items()}
        self._n_lacking = sum(quotas.values()) if isinstance(wanted, Quotas) else wanted

    @property
    def _is_full(self) -> bool:
        return self._n_lacking is not None and self._n_lacking <= 0

    def part(self, of_root: Sequence[Stored]) -> Iterator[tuple[Part, Stored]]:
        """Yield the rows of a root, each with the part of the run to which it belongs; some belong to none."""
        if isinstance(self.wanted, Quotas):
            yield from self._part_by_strata(self.wanted, of_root)
            return
        for stored in of_root:
            part: Part = stored[2]
            if self._is_full:
                if part != "accepted":
                    continue
                part = "surplus"
            else:
                self._count(self.prefix, part, stored)
                if part == "accepted" and self._n_lacking is not None:
                    self._n_lacking -= 1
            self._count(self.figures, part, stored)
            yield part, stored

    def _part_by_strata(self, quotas: Quotas, of_root: Sequence[Stored]) -> Iterator[tuple[Part, Stored]]:
        first = of_root[0]
        was_passed_over = first[1] is None  # no row
        if was_passed_over and first[-2] >= 0:
            return  # an exact repetition
        if not self._is_full and (was_passed_over or self._was_full_before(quotas, first)):
            yield from self._part_of_full(quotas, of_root)
            return
        for stored in () if was_passed_over else of_root:
            part: Part = stored[2]
            stratum = _stratum_in(stored, quotas)
            if self._is_full:
                if part != "accepted":
                    continue
                part = "surplus"
                self._note_surplus(stratum)
            else:
                part = self._tried(part, stratum)
                self._count(self.prefix, part, stored)
            self._count(self.figures, part, stored)
            yield part, stored

    def _was_full_before(self, quotas: Quotas, first: Stored) -> bool:
        if not quotas.from_source or first[3] == UNREAD:
            return False
        stratum = _stratum_in(first, quotas)
        return stratum is None or stratum not in self.strata or self.strata[stratum].lacking <= 0

    def _part_of_full(self, quotas: Quotas, of_root: Sequence[Stored]) -> Iterator[tuple[Part, Stored]]:
        """Yield what a root gave before which its stratum was full: surplus, or that it was passed over."""
        self.prefix.add("passed_over", None, None, is_root=True)
        if not any(stored[2] == "accepted" for stored in of_root):
            self.figures.add("passed_over", None, None, is_root=True)
            yield "passed_over", of_root[0]
            return
        for stored in of_root:
            part: Part = stored[2]
            if part == "accepted":
                part = "surplus"
                self._note_surplus(_stratum_in(stored, quotas))
            elif part != "parent":
                continue
            self._count(self.figures, part, stored)
            yield part, stored

    def _tried(self, part: Part, stratum: str | None) -> Part:
        """Count a row before the cut by its stratum, and return the part to which it belongs."""
        one = None if stratum is None else self.strata.get(stratum)
        if one is not None and part in ("accepted", "rejected", "failed"):
            one.tried += 1
        if part != "accepted":
            return part
        if one is None:
            return "surplus"
        if one.lacking <= 0:
            one.beyond += 1
            one.surplus += 1
            return "surplus"
        one.accepted += 1
        self._n_lacking = (self._n_lacking or 0) - 1
        return "accepted"

    def _note_surplus(self, stratum: str | None) -> None:
        if stratum is not None and stratum in self.strata:
            self.strata[stratum].surplus += 1

    def _count(self, figures: Accounting, part: Part, stored: Stored) -> None:
        figures.add(part, stored[3], stored[4], is_root=not stored[1])


def _stratum_in(stored: Stored, quotas: Quotas) -> str | None:
    return None if stored[-1] is None else stratum_stored(stored[-1], quotas.by)
