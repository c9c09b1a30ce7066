"""Puts the engine together for one start of a run, and lets it go."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

from tanemaki.core.errors import LimitReached, SetupError
from tanemaki.engine.batch_items import Ledger
from tanemaki.engine.batches import Collector, Earlier
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Address
from tanemaki.engine.calls import Caller, spent_so_far
from tanemaki.engine.closing import CLOSED_BEFORE_ACCEPTED_SHARE, Closer
from tanemaki.engine.context import Setting
from tanemaki.engine.demand import Demand
from tanemaki.engine.intake import Intake
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import Budget
from tanemaki.engine.opening import connect
from tanemaki.engine.prefix import Prefix
from tanemaki.engine.reading import closed_roots, closed_tallies, failed_roots
from tanemaki.engine.reuse import Lender, Reuse
from tanemaki.engine.schedule import Job, Schedule
from tanemaki.engine.scratch import Scratch
from tanemaki.engine.stopping import Stop
from tanemaki.engine.stored import dump, load
from tanemaki.engine.strata import NO_TALLY, Strata
from tanemaki.engine.structured import Obedience
from tanemaki.engine.workers import Workers
from tanemaki.run.attending import Interrupt, end_in, interruptible, open_or_stop
from tanemaki.run.batching import collect_for, longest_batch
from tanemaki.run.folder import open_to_read
from tanemaki.run.language import writes_only_english
from tanemaki.run.order import Order
from tanemaki.run.pulse import Progress
from tanemaki.run.report import State

LEAST_WINDOW = 64
"""Roots that may be on their way in any case."""
BESIDE_THE_SLOTS = 128
"""Roots beyond twice the slots that may be on their way: those whose reply waits for the disk hold no slot, and the more
of them there are, the fewer commits they need."""


def window_of(limit: int, least: int = LEAST_WINDOW, *, is_limited: bool = False) -> int:
    """Return how many roots may be on their way where so many requests may be in flight.

    Few for a slow endpoint, so that its first rows are done early: those on their way take turns. Few where requests or
    money are limited, too: what is on its way when they are used up was paid for in part.
    """
    return max(least, 2 * limit if is_limited else min(4 * limit, 2 * limit + BESIDE_THE_SLOTS))


class Assembly:
    """The engine of one start: limits, closer, caller, workers and batches around one schedule."""

    def __init__(
        self, order: Order, progress: Progress, journal: Journal, plan: int, *, retry: bool, limit: int | None
    ) -> None:
        self._order = order
        self._progress = progress
        self._journal = journal
        self._plan = plan
        self._limit = limit
        """Rows of the source that this start tries at most."""
        self._retry = retry
        self._stop = Stop()
        self._prefix = Prefix(order.wanted)
        self._again: frozenset[int] = frozenset()
        self._forget: dict[Address, int] = {}
        self._is_time_up = False
        """The time has ended a run that nothing else ends."""
        self.written: Mapping[Path, int] = {}
        """Files of requests that were written, with how many there are in each."""

    async def go(
        self, on_stopping: Callable[[], None] | None, on_interruptible: Callable[[Interrupt], None]
    ) -> State:
        """Run to the end. ``on_interruptible`` is told how to ask the run to stop, as soon as that is possible."""
        order, stats, stop, prefix = self._order, self._progress.stats, self._stop, self._prefix
        stats.wanted, stats.most_items = order.rows, self._limit
        with ExitStack() as stack:
            reader = connect(self._journal.path, read_only=True)
            stack.callback(reader.close)
            closer = self._closer()
            self._take_up(reader, closer)
            bounds = order.bounds()
            stats.lanes = {bound.role: bound.lanes for bound in bounds}
            budget = self._budget(reader)
            caller = Caller(roles=bounds, journal=self._journal, budget=budget, stats=stats, stop=stop)
            caller.reuse = self._lenders(stack)
            earlier = Earlier(self._forget, self._again, self._progress.notes.append)
            ledger = Ledger(self._journal, reader, budget, stats)
            batches = collect_for(caller, bounds, ledger, stop, earlier)
            workers = self._workers(caller)
            obedience = Obedience(self._journal, budget, stats, stop)
            setting = Setting(order.recipe.name, order.seed, order.texts, caller, workers, obedience)
            schedule = self._schedule(stack, reader, closer, setting, bounds)
            interrupt = stack.enter_context(interruptible(stop, schedule, self._progress, on_stopping))
            on_interruptible(interrupt)
            async with AsyncExitStack() as models:
                if workers is not None:
                    models.push_async_callback(workers.close)
                if not prefix.is_full:
                    await open_or_stop(models, order, bounds, self._progress, stop)
                    if batches is not None:
                        models.push_async_callback(self._end_batches, batches)
                        batches.start()
                self._progress.phase = "running"
                stats.begin()
                models.callback(stats.end)
                if order.limits.minutes is not None:
                    end_in(models, order.limits.minutes, stop, schedule, _grace_s(order))
                if not prefix.is_full:
                    await self._run(schedule)
                self._progress.phase = "closing"
        return self._state()

    def _state(self) -> State:
        if self._prefix.is_full:
            return "complete"
        if self.written:
            return "waiting"
        if self._is_time_up:
            return "complete"
        if self._stop.requested:
            return "stopped"
        return "complete" if self._order.rows is None else "short"

    async def _run(self, schedule: Schedule) -> None:
        try:
            await schedule.run()
        except LimitReached as error:
            ends_well = self._order.is_endless and self._limit is None and self._progress.stats.accepted
            if ends_well and error.used_up == "minutes":
                self._is_time_up = True
                self._progress.notes.append(
                    f"the time is up, which ends a run without a number of rows; {self._progress.stats.live} rows were on "
                    "their way, and started again it goes on with them"
                )
            elif not self._prefix.is_full:  # else only the look-ahead met the limit
                raise

    def _closer(self) -> Closer:
        order, limits = self._order, self._order.limits
        return Closer(
            journal=self._journal,
            plan=self._plan,
            prefix=self._prefix,
            stats=self._progress.stats,
            stop=self._stop,
            failed_share=limits.failed_share,
            accepted_share=limits.accepted_share if order.rows else None,
            judged_after=16 if writes_only_english(order) else CLOSED_BEFORE_ACCEPTED_SHARE,
            strata=self._strata(),
        )

    def _budget(self, reader: sqlite3.Connection) -> Budget:
        limits, stats = self._order.limits, self._progress.stats
        stats.limits = {
            name: most
            for name in ("requests", "tokens", "cost_usd", "minutes")
            if (most := getattr(limits, name)) is not None
        }
        stats.budget = Budget(
            requests=limits.requests,
            tokens=limits.tokens,
            usd=limits.cost_usd,
            spent=self._order.spent_before + spent_so_far(reader),
            stop=self._stop,
        )
        return stats.budget

    def _schedule(
        self,
        stack: ExitStack,
        reader: sqlite3.Connection,
        closer: Closer,
        setting: Setting,
        bounds: Sequence[Bound],
    ) -> Schedule:
        order, stop = self._order, self._stop
        scratch = Scratch()
        stack.callback(scratch.close)
        lookahead = setting.caller.lookahead
        schedule = Schedule(
            Job(
                plan=order.plan,
                setting=setting,
                intake=Intake(order.source, scratch, self._limit),
                journal_reader=reader,
                forget=self._forget,
                closer=closer,
                prefix=self._prefix,
                scratch=scratch,
                stats=self._progress.stats,
                stop=stop,
                demand=Demand(order.wanted, closer, lookahead, across=order.plan.looks_across),
                window=_window(bounds, is_limited=setting.caller.is_limited),
                grace_s=_grace_s(order),
            )
        )
        for bound in bounds:
            stop.on_request(bound.lanes.release)
            bound.lanes.on_growth(schedule.look_again)
        return schedule

    async def _end_batches(self, batches: Collector) -> None:
        await batches.close()
        self.written = batches.written
        self._progress.notes.extend(batches.still_out(is_complete=self._prefix.is_full))

    def _workers(self, caller: Caller) -> Workers | None:
        order, notes = self._order, self._progress.notes
        workplace = order.workplace()
        if workplace is not None:
            workers = Workers(order.workers, workplace, self._stop, notes.append)
            workers.underway = caller.underway
            return workers
        if order.workers:
            notes.append(f"workers have nothing to do: recipe {order.recipe.name!r} has no heavy step")
        return None

    def _take_up(self, reader: sqlite3.Connection, closer: Closer) -> None:
        """Count what earlier starts closed. A recipe that looks across records goes through all of them again."""
        if self._retry:
            self._again, self._forget = failed_roots(reader, self._plan)
            if self._order.is_endless:  # the failed rows again, and none behind them
                self._limit = max((root for root, *_ in closed_roots(reader, self._plan)), default=0)
        if self._order.plan.looks_across:
            return
        strata = closer.strata
        tallies = iter(()) if strata is None else closed_tallies(reader, self._plan, strata.quotas)
        for root, accepted, rejected, failed, n_rows in closed_roots(reader, self._plan):
            tally = next(tallies) if strata is not None and n_rows >= 0 else NO_TALLY
            if root in self._again or (self._order.limit is not None and root > self._order.limit):
                continue
            if n_rows >= 0:
                closer.count_earlier(root, accepted, rejected, failed, tally)
            elif strata is not None and n_rows == strata.mark:
                closer.count_passed_earlier(root)
        closer.begin()

    def _strata(self) -> Strata | None:
        """Return what follows the quotas; the journal keeps all that the run was ever started with, by number."""
        quotas = self._order.quotas
        known: Any = load(self._journal.meta().get("strata_known", "[]"))
        now = None if quotas is None else quotas.to_json()
        if now is not None and now not in known:
            known.append(now)
        self._journal.set_meta({"strata": dump(now), "strata_known": dump(known)})
        return None if quotas is None else Strata(quotas, -1 - known.index(now))

    def _lenders(self, stack: ExitStack) -> Reuse | None:
        """Open the other runs whose replies may be taken."""
        lenders: list[Lender] = []
        for folder in self._order.reuse:
            if folder.resolve() == self._order.output.resolve():
                raise SetupError(
                    "`reuse` names the run's own folder",
                    where=str(folder),
                    next="leave it out: a run always takes its own replies",
                )
            self._progress.phase = f"reading the replies of {folder}"
            lenders.append(Lender(str(folder), open_to_read(folder)))
            stack.callback(lenders[-1].db.close)
        if not lenders:
            return None
        reuse = Reuse(lenders, self._forget)
        stack.callback(reuse.close)
        self._progress.notes.append(
            f"{reuse.n_offered} replies of {', '.join(one.name for one in lenders)} may be re-used"
        )
        return reuse


def _window(bounds: Sequence[Bound], *, is_limited: bool) -> Callable[[], int]:
    """Return what says how many roots may be on their way at once: enough for every endpoint to be full."""
    least = max(LEAST_WINDOW, longest_batch(bounds))
    lanes = [bound.lanes for bound in bounds]

    return lambda: window_of(sum([one.limit for one in lanes]), least, is_limited=is_limited)


def _grace_s(order: Order) -> float:
    """Return 0 where every model runs on this machine: nobody is paid for what is cut off there."""
    kinds = {order.settings[role].kind if role in order.settings else "" for role in order.models}
    return 0.0 if kinds == {"local"} else 30.0
