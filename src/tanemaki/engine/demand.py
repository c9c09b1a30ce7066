"""Whether one more root is needed: what is accepted and what is on its way will not do (promise 7)."""

from __future__ import annotations

from typing import Literal

from tanemaki.core.record import Record
from tanemaki.engine.closing import Closer
from tanemaki.engine.lookahead import Lookahead
from tanemaki.engine.quotas import Wanted
from tanemaki.engine.strata import Strata

Verdict = Literal["go", "pass", "hold", "wait"]
"""``go``: it may set out. ``pass``: its stratum is full, it is not asked. ``hold``: its stratum may become full by what is
on its way; the roots behind it need not wait for that. ``wait``: nothing may set out now."""


class Demand:
    """Follows the measured acceptance, per stratum where there are quotas.

    ``across``: the recipe looks across records, so that every root with a quota takes part, whatever is full already: whom
    it is compared with must not depend on who finished first.
    """

    def __init__(self, wanted: Wanted, closer: Closer, lookahead: Lookahead | None, *, across: bool) -> None:
        self._wanted = wanted
        self._closer = closer
        self._lookahead = lookahead
        self._across = across
        self._live = 0

    @property
    def _strata(self) -> Strata | None:
        return self._closer.strata

    def sets_out(self, record: Record) -> None:
        """A root is on its way."""
        self._live += 1
        if self._strata is not None:
            stratum = self._strata.of_record(record)
            self._strata.live[stratum] += 1
            if self._lookahead is not None:
                self._lookahead.sets_out(record.ordinal[0], stratum)

    def ended(self, record: Record) -> None:
        """It is on its way no more."""
        self._live -= 1
        if self._strata is not None:
            self._strata.live[self._strata.of_record(record)] -= 1

    def verdict(self, number: int, record: Record | None, *, is_last: bool, has_room: bool) -> Verdict:
        """Say what becomes of a root; no record for what the source could not read. Asked in ascending order.

        A root below one that an earlier start closed fills a gap of the prefix: it is needed in any case, unless what is on
        its way before it may fill its stratum. ``is_last`` is False while records only gather for a set step.
        """
        strata = self._strata
        if strata is not None and record is not None and self._is_passed(strata, number, record):
            return "pass"
        if not has_room:
            return "wait"
        fills_gap = number < self._closer.highest_earlier
        if self._wanted is None or not is_last:
            return "go"
        if strata is not None and record is not None and self._passes(strata):
            if self._lacks_of(strata, strata.of_record(record)):
                return "go"
            return "wait" if fills_gap else "hold"
        return "go" if fills_gap or self._lacks_any(strata) else "wait"

    def _passes(self, strata: Strata) -> bool:
        """Roots of full strata are passed over."""
        return strata.quotas.from_source and not self._across

    def _is_passed(self, strata: Strata, number: int, record: Record) -> bool:
        if not strata.quotas.from_source:
            return False
        stratum = strata.of_record(record)
        if self._across:
            return not strata.quotas.of(stratum)
        return strata.is_full_before(number, stratum)

    def _lacks_of(self, strata: Strata, stratum: str | None) -> bool:
        if stratum is None:
            return False
        wanted, accepted = strata.quotas.of(stratum), strata.accepted_before(stratum)
        if accepted >= wanted:
            return False
        live = strata.live[stratum] if strata.quotas.from_source else self._live
        closed, share = strata.closed(stratum), strata.quotas.share_of(stratum)
        if self._lookahead is not None:
            name = stratum if strata.quotas.from_source else None
            return self._lookahead.wants_more(wanted, accepted, closed, live, stratum=name, share=share)
        return _wants_more(wanted, accepted, closed, live, share)

    def _lacks_any(self, strata: Strata | None) -> bool:
        if strata is not None:
            return any(self._lacks_of(strata, name) for name in strata.quotas.rows)
        if not isinstance(self._wanted, int):
            return True
        accepted, closed = self._closer.n_accepted, self._closer.n_closed
        if self._lookahead is not None:
            return self._lookahead.wants_more(self._wanted, accepted, closed, self._live)
        return _wants_more(self._wanted, accepted, closed, self._live, 1.0)


def _wants_more(wanted: int, accepted: int, closed: int, live: int, share: float) -> bool:
    """The quick ends are mostly rejections: who is still on the way counts as accepted until it proves otherwise.

    ``share`` is the share of the accepted rows that is expected to be of this stratum.
    """
    per_root = (accepted + (live + 1) * share) / (closed + live + 1)
    return accepted + live * per_root < wanted
