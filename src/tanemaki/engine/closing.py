"""When all records of a root have ended: its rows go to the journal together, the figures and the prefix follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tanemaki.core.errors import LimitReached, shorten
from tanemaki.core.record import Origin, Record
from tanemaki.core.source import BadItem
from tanemaki.engine.journal import Journal
from tanemaki.engine.prefix import NO_STRATA, Prefix, Share
from tanemaki.engine.quotas import stratum_of
from tanemaki.engine.root import Root, Row, path_of
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.stored import dump
from tanemaki.engine.strata import NO_TALLY, Strata, Tally

ENDED_BEFORE_FAILED_SHARE = 20
CLOSED_BEFORE_ACCEPTED_SHARE = 64
NOTHING = Share(0, 0)
_NULL, _NO_SOURCES = dump(None), dump([])
UNREAD = "source"
"""What stands in place of a step where the source could not read a row."""


class Closer:
    """Closes roots. Conservation (promise 1) rests on this: a root's rows are written once, all together."""

    def __init__(  # noqa: PLR0913 - keywords
        self,
        *,
        journal: Journal,
        plan: int,
        prefix: Prefix,
        stats: Stats,
        stop: Stop,
        failed_share: float | None,
        accepted_share: float | None,
        judged_after: int = CLOSED_BEFORE_ACCEPTED_SHARE,
        strata: Strata | None = None,
    ) -> None:
        self._journal = journal
        self._plan = plan
        self._prefix = prefix
        self._stats = stats
        self._stop = stop
        self._failed_share = failed_share
        self._accepted_share = accepted_share
        self._judged_after = judged_after
        self.strata = strata
        self.n_closed = 0
        """Closed roots, those of earlier starts included."""
        self.n_accepted = 0
        self.highest_earlier = 0
        """The highest root that an earlier start closed."""
        self.judges_shares = True
        """False while records only gather for a set step: none of them can be accepted yet."""
        self._before = (0, 0, 0, 0)
        """Where the prefix stood when this start began: tried, accepted, failed, ended."""
        self._strata_before: Mapping[str, Share] = NO_STRATA

    async def durable(self) -> None:
        """Wait until what was closed is on the disk."""
        await self._journal.durable()

    def begin(self) -> None:
        """The earlier starts are counted: from here on, the shares are those of this start."""
        prefix = self._prefix
        self._before = (prefix.tried, prefix.accepted, prefix.failed, prefix.ended)
        self._strata_before = dict(prefix.strata)
        if self.strata is not None:
            self.strata.begin(prefix.ahead)

    def count_earlier(
        self, root: int, accepted: int, rejected: int, failed: int, tally: Tally = NO_TALLY
    ) -> None:
        """Count a root that an earlier start closed."""
        self.highest_earlier = max(self.highest_earlier, root)
        judged = (failed, accepted + rejected + failed)
        self._count(root, (accepted, rejected, failed), judged, tally)

    def count_passed_earlier(self, root: int) -> None:
        """Count a root that an earlier start passed over, under the same quotas."""
        self.highest_earlier = max(self.highest_earlier, root)
        self._count_passed(root)

    def pass_over(self, root: Root) -> None:
        """Close a root that is not asked: its stratum is full, or has no quota."""
        if self.strata is None:
            raise AssertionError(f"root {root.number} was passed over without quotas")
        self.strata.pass_over(stratum_of(root.record.get(self.strata.quotas.by)))
        figures = (0, 0, 0, self.strata.mark)
        closure = self._journal.next_closure()
        self._journal.put(
            "closures", (closure, self._plan, root.number, *figures, self._journal.upcoming_send)
        )
        self._count_passed(root.number)

    def _count_passed(self, root: int) -> None:
        self.n_closed += 1
        self._prefix.close(root, 0, tried=0)
        self._stats.n_in += 1
        self._stats.n_unwanted += 1

    def _count(self, root: int, ends: tuple[int, int, int], judged: tuple[int, int], tally: Tally) -> None:
        accepted, rejected, failed = ends
        self.n_closed += 1
        self.n_accepted += accepted
        strata = NO_STRATA if self.strata is None else self.strata.count(tally)
        self._prefix.close(root, accepted, *judged, strata=strata)
        stats = self._stats
        if self.strata is not None:
            stats.n_beyond = self.n_accepted - self.strata.n_counted
        stats.n_in += 1
        stats.accepted += accepted
        stats.rejected += rejected
        stats.failed += failed

    def close_unread(self, root: Root, item: BadItem | None) -> None:
        """Close a place of the source that gave no record: a malformed row, or an exact repetition."""
        if item is None:
            self._stats.passed_over += 1
        else:
            record = Record("", (root.number,), {"raw": item.raw})
            root.end(
                record,
                "failed",
                step_place=-1,
                step=UNREAD,
                reason="DataError",
                note=f"{item.where}: {item.message}",
            )
        self.close(root)

    def close(self, root: Root) -> None:
        """Write a root's rows, count them, and stop the run where they pass a limit."""
        rows = root.rows
        if len(rows) > 1:
            rows = sorted(rows, key=lambda row: row.record.ordinal)
        statuses = [row.status for row in rows]
        accepted, rejected = statuses.count("accepted"), statuses.count("rejected")
        failed = statuses.count("failed")
        closure = self._journal.next_closure()
        if rows and len(rows) != 1 + root.n_children:
            raise AssertionError(f"root {root.number}: {1 + root.n_children} records, {len(rows)} ends")
        for row in rows:
            self._journal.put("rows", _stored(row, closure, root.number))
        figures = (accepted, rejected, failed, len(rows))
        self._journal.put(
            "closures", (closure, self._plan, root.number, *figures, self._journal.upcoming_send)
        )
        if self._stats.observer is not None:
            self._stats.observer.closed(root)
        judged = (failed, accepted + rejected + failed)
        if rejected or failed:
            for row in rows:
                if row.status in ("rejected", "failed"):
                    self._stats.reasons[row.step or "", row.reason or ""] += 1
                if row.step == UNREAD:  # what the source could not read is nobody's failure
                    judged = (0, 0)
        self._count(root.number, (accepted, rejected, failed), judged, self._tally(root))
        if self.judges_shares and not self._prefix.is_full:
            self._check_shares()
            if self.strata is not None and self._accepted_share is not None:
                self._check_strata(self.strata, self._accepted_share)

    def _tally(self, root: Root) -> Tally:
        strata = self.strata
        if strata is None:
            return NO_TALLY
        for row in root.rows:
            if row.status in ("rejected", "failed"):
                strata.note(row.record, row.step or "", row.reason or "")
        return strata.tally(root.record, [row.record for row in root.rows if row.status == "accepted"])

    def _check_shares(self) -> None:
        """Stop where too much failed or too little was accepted, in the order of the source.

        Judged in that order and not as rows come in: the quick ends are mostly rejections and failures.
        """
        prefix = self._prefix
        tried_before, accepted_before, failed_before, ended_before = self._before
        closed, accepted = prefix.tried - tried_before, prefix.accepted - accepted_before
        failed, ended = prefix.failed - failed_before, prefix.ended - ended_before
        failed_share = failed / ended if ended >= ENDED_BEFORE_FAILED_SHARE else 0.0
        accepted_share = accepted / closed if closed >= self._judged_after else 1.0
        if self._failed_share is not None and failed_share > self._failed_share:
            self._stop.request(
                LimitReached(
                    f"{failed} of {ended} rows failed, more than limits.failed_share allows",
                    got=f"share {failed_share:.2f}, limit {self._failed_share:.2f}; {self._ranked()}",
                    next="mend the cause, then `tanemaki retry` does the failed rows again",
                )
            )
        elif self._accepted_share is not None and accepted_share < self._accepted_share:
            self._stop.request(
                LimitReached(
                    f"only {accepted} of {closed} rows were accepted: the run stops here",
                    got=self._ranked(),
                    next="mend the commonest reason (`tanemaki view` shows the rows), or lower limits.accepted_share",
                )
            )

    def _check_strata(self, strata: Strata, least: float) -> None:
        """Stop where a stratum hardly gets rows, though the run as a whole does.

        Where the recipe writes the field, a stratum's share of the rows is measured by its share of the quotas.
        """
        quotas = strata.quotas
        for name, wanted in quotas.rows.items():
            share = quotas.share_of(name)
            now = self._prefix.strata.get(name, NOTHING)
            before = self._strata_before.get(name, NOTHING)
            accepted = now.accepted - before.accepted
            tried = now.tried - before.tried if quotas.from_source else self._prefix.tried - self._before[0]
            is_judged = now.accepted < wanted and tried * share >= self._judged_after
            if is_judged and accepted < least * share * tried:
                self._stop.request(self._hardly(strata, name, accepted, tried))
                return

    def _hardly(self, strata: Strata, name: str, accepted: int, tried: int) -> LimitReached:
        told = [self._ranked(strata.reasons.get(name, self._stats.reasons)), strata.met_instead(name)]
        return LimitReached(
            f"only {accepted} of {tried} rows were accepted with {shorten(strata.quotas.by, 40)}: {shorten(name, 40)},"
            f" of which {strata.quotas.of(name)} are wanted: the run stops here",
            got="; ".join(filter(None, told)) or "no row of this stratum was met",
            next="mend the commonest reason, change strata (`tanemaki status` shows them), or lower limits.accepted_share",
        )

    def note_unwanted(self) -> None:
        """Stop: the source goes on for ever, and none of its rows is wanted any more."""
        strata = self.strata
        if strata is None:
            return
        told = ", ".join(
            f"{shorten(name, 40)} lacks {strata.quotas.of(name) - strata.accepted[name]}"
            for name in strata.lacking[:4]
        )
        self._stop.request(
            LimitReached(
                f"the source gave {strata.unwanted:,} rows in a row of which none is wanted: the run stops here",
                got="; ".join(filter(None, [told, strata.met_instead(strata.lacking[0])])),
                next="correct strata; or start the same run again, which goes on from there",
            )
        )

    def _ranked(self, reasons: Counter[tuple[str, str]] | None = None) -> str:
        ranked = (self._stats.reasons if reasons is None else reasons).most_common(4)
        return ", ".join(f"{reason} {n} (step {step})" for (step, reason), n in ranked)


def _told(origin: Origin) -> dict[str, str | None]:
    return {"id": origin.id, "licence": origin.licence, "url": origin.url, "span": origin.span}


def _stored(row: Row, closure: int, root: int) -> tuple[object, ...]:
    record = row.record
    return (
        closure,
        root,
        path_of(record.ordinal),
        record.id,
        row.status,
        row.step,
        row.reason,
        _NULL if row.measured is None else dump(row.measured),
        _NULL if row.limit is None else dump(row.limit),
        row.note,
        dump(record.fields),
        _NO_SOURCES if not record.sources else dump([_told(origin) for origin in record.sources]),
        dump(row.lineage),
    )
