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
UNREAD = "source"
"""What stands in place of a step where the source could not read a row."""


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
        judged_after: int = CLOSED_BEFORE_ACCEPTED_SHARE,
    ) -> None:
        self._journal = journal
        self._plan = plan
        self._prefix = prefix
        self._stats = stats
        self._stop = stop
        self._failed_share = failed_share
        self._accepted_share = accepted_share
        self._judged_after = judged_after
        self.n_closed = 0
        """Closed roots, those of earlier starts included."""
        self.n_accepted = 0
        self.highest_earlier = 0
        """The highest root that an earlier start closed."""
        self.judges_shares = True
        """False while records only gather for a set step: none of them can be accepted yet."""
        self._before = (1, 0, 0, 0)
        """Where the prefix stood when this start began: next root, accepted, failed, ended."""

    async def durable(self) -> None:
        """Wait until what was closed is on the disk."""
        await self._journal.durable()

    def begin(self) -> None:
        """The earlier starts are counted: from here on, the shares are those of this start."""
        prefix = self._prefix
        self._before = (prefix.next_root, prefix.accepted, prefix.failed, prefix.ended)

    def count_earlier(self, root: int, accepted: int, rejected: int, failed: int) -> None:
        """Count a root that an earlier start closed."""
        self.highest_earlier = max(self.highest_earlier, root)
        self._count(root, (accepted, rejected, failed), judged=(failed, accepted + rejected + failed))

    def _count(self, root: int, ends: tuple[int, int, int], judged: tuple[int, int]) -> None:
        accepted, rejected, failed = ends
        self.n_closed += 1
        self.n_accepted += accepted
        self._prefix.close(root, accepted, *judged)
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
                step=UNREAD,
                reason="DataError",
                note=f"{item.where}: {item.message}",
            )
        self.close(root)

    def close(self, root: Root) -> None:
        """Write a root's rows, count them, and stop the run where they pass a limit."""
        accepted, rejected, failed = (root.count(status) for status in ("accepted", "rejected", "failed"))
        closure = self._journal.next_closure()
        rows = sorted(root.rows, key=lambda row: row.record.ordinal)
        if rows and len(rows) != 1 + root.n_children:
            raise AssertionError(f"root {root.number}: {1 + root.n_children} records, {len(rows)} ends")
        for row in rows:
            self._journal.put("rows", _stored(row, closure, root.number))
        figures = (accepted, rejected, failed, len(rows))
        self._journal.put(
            "closures", (closure, self._plan, root.number, *figures, self._journal.upcoming_send)
        )
        for row in rows:
            if row.status in ("rejected", "failed"):
                self._stats.reasons[row.step or "", row.reason or ""] += 1
        unread = any(row.step == UNREAD for row in rows)  # what the source could not read is nobody's failure
        judged = (0, 0) if unread else (failed, accepted + rejected + failed)
        self._count(root.number, (accepted, rejected, failed), judged)
        if self.judges_shares and not self._prefix.is_full:
            self._check_shares()

    def _check_shares(self) -> None:
        """Stop where too much failed or too little was accepted, in the order of the source.

        Judged in that order and not as rows come in: the quick ends are mostly rejections and failures.
        """
        prefix = self._prefix
        now = (prefix.next_root, prefix.accepted, prefix.failed, prefix.ended)
        closed, accepted, failed, ended = (a - b for a, b in zip(now, self._before, strict=True))
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
