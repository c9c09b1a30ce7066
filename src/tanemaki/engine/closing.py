"""When all records of a root have ended: its rows go to the journal together, the figures and the prefix follow."""

from __future__ import annotations

from dataclasses import asdict

from tanemaki.core.errors import LimitReached
from tanemaki.core.record import Record
from tanemaki.core.source import BadItem
from tanemaki.engine.journal import Journal
from tanemaki.engine.prefix import Prefix
from tanemaki.engine.root import Root, Row, path_of
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.stored import dump

ENDED_BEFORE_FAILED_SHARE = 20
CLOSED_BEFORE_ACCEPTED_SHARE = 64


class Closer:
    """Closes roots. Conservation (promise 1) rests on this: a root's rows are written once, all together."""

    def __init__(
        self,
        *,
        journal: Journal,
        plan: int,
        prefix: Prefix,
        stats: Stats,
        stop: Stop,
        failed_share: float | None,
        accepted_share: float | None,
    ) -> None:
        self._journal = journal
        self._plan = plan
        self._prefix = prefix
        self._stats = stats
        self._stop = stop
        self._failed_share = failed_share
        self._accepted_share = accepted_share
        self.n_closed = 0
        """Closed roots, those of earlier starts included."""
        self.n_accepted = 0
        self.highest_earlier = 0
        """The highest root that an earlier start closed."""
        self._n_closed_now = 0
        self._n_accepted_now = 0

    def count_earlier(self, root: int, accepted: int, rejected: int, failed: int) -> None:
        """Count a root that an earlier start closed."""
        self.highest_earlier = max(self.highest_earlier, root)
        self._count(root, accepted, rejected, failed)

    def _count(self, root: int, accepted: int, rejected: int, failed: int) -> None:
        self.n_closed += 1
        self.n_accepted += accepted
        self._prefix.close(root, accepted)
        stats = self._stats
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
                step="source",
                reason="DataError",
                note=f"{item.where}: {item.message}",
            )
        self.close(root)

    def close(self, root: Root) -> None:
        """Write a root's rows, count them, and stop the run where they pass a limit."""
        accepted, rejected, failed = (root.count(status) for status in ("accepted", "rejected", "failed"))
        closure = self._journal.next_closure()
        rows = sorted(root.rows, key=lambda row: row.record.ordinal)
        for row in rows:
            self._journal.put("rows", _stored(row, closure, root.number))
        self._journal.put(
            "closures", (closure, self._plan, root.number, accepted, rejected, failed, len(rows))
        )
        for row in rows:
            if row.status in ("rejected", "failed"):
                self._stats.reasons[row.step or "", row.reason or ""] += 1
        self._count(root.number, accepted, rejected, failed)
        self._n_closed_now += 1
        self._n_accepted_now += accepted
        if not self._prefix.is_full:
            self._check_shares()

    def _check_shares(self) -> None:
        stats = self._stats
        ended = stats.accepted + stats.rejected + stats.failed
        if self._failed_share is not None and ended >= ENDED_BEFORE_FAILED_SHARE:
            share = stats.failed / ended
            if share > self._failed_share:
                self._stop.request(
                    LimitReached(
                        f"{stats.failed} of {ended} rows failed, more than limits.failed_share allows",
                        got=f"share {share:.2f}, limit {self._failed_share:.2f}; {self._ranked()}",
                        next="mend the cause and start the run again, or raise limits.failed_share",
                    )
                )
        if self._accepted_share is not None and self._n_closed_now >= CLOSED_BEFORE_ACCEPTED_SHARE:
            share = self._n_accepted_now / self._n_closed_now
            if share < self._accepted_share:
                self._stop.request(
                    LimitReached(
                        f"only {self._n_accepted_now} of {self._n_closed_now} rows were accepted: the run stops here",
                        got=self._ranked(),
                        next="mend the commonest reason (`tanemaki view` shows the rows), or lower limits.accepted_share",
                    )
                )

    def _ranked(self) -> str:
        return ", ".join(
            f"{reason} {n} (step {step})" for (step, reason), n in self._stats.reasons.most_common(4)
        )


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
        dump(row.measured),
        dump(row.limit),
        row.note,
        dump(dict(record.fields)),
        dump([asdict(origin) for origin in record.sources]),
        dump(dict(row.lineage)),
    )
