"""Starts a run: folder, journal and models are opened, the schedule runs, the files are written.

One start ends in one of these ways:

==================  ====  ==========================================================================
state               exit  meaning
==================  ====  ==========================================================================
``complete``        0     the wanted rows are there, or the source is used up and none were named
``nothing_to_do``   0     it was complete before: nothing was sent
``short``           4     the source is used up and holds fewer rows than were wanted
``waiting``         0     requests were written into files: goes on when their replies are there
``stopped``         130   asked to stop (Ctrl-C, SIGTERM); goes on when started again
==================  ====  ==========================================================================

Anything else is raised: :class:`~tanemaki.core.errors.LimitReached`, ``ModelError``, ``SetupError``, ``RecipeError``.
"""

from __future__ import annotations

import asyncio
import functools
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tanemaki import __version__
from tanemaki.core.errors import LimitReached, SetupError
from tanemaki.engine.accounting import Accounting
from tanemaki.engine.batch_items import Ledger
from tanemaki.engine.batches import Collector, Earlier
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Address
from tanemaki.engine.calls import Caller, spent_so_far
from tanemaki.engine.closing import CLOSED_BEFORE_ACCEPTED_SHARE, Closer
from tanemaki.engine.context import Setting
from tanemaki.engine.cut import Cut
from tanemaki.engine.demand import Demand
from tanemaki.engine.intake import Intake
from tanemaki.engine.journal import Journal
from tanemaki.engine.limits import Budget
from tanemaki.engine.opening import as_setup_error, connect
from tanemaki.engine.prefix import Prefix
from tanemaki.engine.quotas import Stratum
from tanemaki.engine.reading import closed_roots, closed_tallies, count_rows, failed_roots
from tanemaki.engine.reuse import Lender, Reuse
from tanemaki.engine.schedule import Job, Schedule
from tanemaki.engine.scratch import Scratch
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.stored import dump, load
from tanemaki.engine.strata import NO_TALLY, Strata
from tanemaki.engine.structured import Obedience
from tanemaki.engine.workers import Workers, refuse_in_worker
from tanemaki.models.local import Local
from tanemaki.run.batching import collect_for, longest_batch
from tanemaki.run.event_loop import run_to_end
from tanemaki.run.export import Exported, export, is_exported, told_of
from tanemaki.run.folder import (
    changes,
    check_foreign,
    check_identity,
    fingerprint_of,
    open_to_read,
    replies_held,
    write_run_yaml,
)
from tanemaki.run.foretold import Compared, compare
from tanemaki.run.language import writes_only_english
from tanemaki.run.order import Order
from tanemaki.run.pulse import Progress, published

State = Literal["complete", "nothing_to_do", "short", "waiting", "stopped"]
EXIT_CODES: Mapping[State, int] = {
    "complete": 0,
    "nothing_to_do": 0,
    "short": 4,
    "waiting": 0,
    "stopped": 130,
}


@dataclass(slots=True)
class Report:
    """How a start of a run ended."""

    state: State
    folder: Path
    accounting: Accounting
    stats: Stats
    wanted: int | None
    exported: Exported | None = None
    written: Mapping[Path, int] = field(default_factory=dict)
    """Files of requests that were written, with how many there are in each."""
    strata: Mapping[str, Stratum] = field(default_factory=dict)
    """What there is of each stratum; empty for a run without quotas."""
    foretold: tuple[Compared, ...] = ()
    """How well the forecast did that was made before the run; empty where none was."""

    @property
    def exit_code(self) -> int:
        """0, 4 or 130."""
        return EXIT_CODES[self.state]

    def to_json(self) -> dict[str, Any]:
        """Return the report for machines."""
        return {
            "state": self.state,
            "folder": str(self.folder),
            "wanted": self.wanted,
            "accounting": self.accounting.to_json(),
            "balances": self.accounting.balances,
            "this_start": self.stats.to_json(),
            "files": [str(path) for path in self.exported.paths] if self.exported else [],
            "requests": {str(path): n for path, n in self.written.items()},
            "forecast": {one.name: one.to_json() for one in self.foretold} or None,
            "strata": {name: one.to_json() for name, one in self.strata.items()},
        }


def execute(
    order: Order,
    *,
    progress: Progress | None = None,
    retry: bool = False,
    on_stopping: Callable[[], None] | None = None,
    sample: int | None = None,
) -> Report:
    """Run an order to its end and return the report. Works inside a running event loop (a notebook), too.

    ``retry`` does the failed rows again, and nothing else. ``on_stopping`` is called at the first Ctrl-C. ``sample`` ends
    the start after so many rows of the source and writes no dataset: a later start goes on.
    """
    refuse_in_worker()
    work = _Start(order, progress or Progress(), retry=retry, on_stopping=on_stopping, sample=sample)
    return run_to_end(work.run, lambda: work.interrupt())  # noqa: PLW0108 - it is set anew once the run goes on


class _Start:
    """One start of a run."""

    def __init__(
        self,
        order: Order,
        progress: Progress,
        *,
        retry: bool,
        on_stopping: Callable[[], None] | None,
        sample: int | None = None,
    ) -> None:
        self._order = order
        self._is_sample = sample is not None
        self._limit = min((n for n in (order.limit, sample) if n is not None), default=None)
        """Rows of the source that this start tries at most."""
        self._progress = progress
        self._retry = retry
        self._on_stopping = on_stopping
        self.interrupt: Callable[[], object] = lambda: None
        """Ask the run to stop, from another thread."""
        self._again: frozenset[int] = frozenset()
        self._forget: dict[Address, int] = {}
        self._written: Mapping[Path, int] = {}

    async def run(self) -> Report:
        """Run to the end. A journal whose pages cannot be read is the user's to mend, not a bug."""
        try:
            return await self._run()
        except sqlite3.DatabaseError as error:
            if type(error) not in (sqlite3.DatabaseError, sqlite3.OperationalError):
                raise
            raise as_setup_error(error, self._order.output / "journal.sqlite") from error

    async def _run(self) -> Report:
        order = self._order
        check_foreign(order.output)
        async with AsyncExitStack() as stack:
            self._progress.notes.extend(getattr(order.source, "notes", ()))
            journal = Journal(order.output)
            stack.push_async_callback(journal.close)
            if journal.lost is not None:
                self._progress.notes.append(journal.lost)
            meta = journal.meta()
            check_identity(order, meta)
            stack.enter_context(published(order.output, self._progress))
            self._announce(resumes=bool(meta))
            parts = order.plan_parts()
            fingerprint = fingerprint_of(parts)
            last = journal.last_plan()
            if last and last[1] != fingerprint:
                self._progress.notes.extend(changes(order, load(last[2]), replies_held(order.output)))
            plan = journal.open_plan(fingerprint, dump(parts))
            done = (
                meta.get("complete") == self._completion(fingerprint)
                and "told" in meta
                and is_exported(order)
            )
            if done and not self._retry:
                return self._nothing_to_do(meta["told"])
            journal.set_meta({**order.identity(), "complete": "", "rows": dump(order.rows), "started": "1"})
            write_run_yaml(order, parts)
            state = await self._go(journal, plan)
            await journal.durable()
            if self._is_sample or state in ("stopped", "waiting"):
                cut = Cut(order.wanted)
                with closing_reader(order.output) as db:
                    figures = count_rows(db, plan, cut, order.limit)
                return Report(
                    state,
                    order.output,
                    figures,
                    self._progress.stats,
                    order.rows,
                    written=self._written,
                    strata=cut.strata,
                )
            self._progress.phase = "writing the dataset"
            with closing_reader(order.output) as db:
                exported = export(order, db, plan)
            journal.set_meta({"told": exported.kept(), "complete": self._completion(fingerprint)})
            stats = self._progress.stats
            return Report(
                state,
                order.output,
                exported.accounting,
                stats,
                order.rows,
                exported,
                strata=exported.strata,
                foretold=compare(order, meta, stats.n_sent, stats.elapsed_s),
            )

    def _announce(self, *, resumes: bool) -> None:
        observer = self._progress.stats.observer
        if observer is not None:
            order = self._order
            about = {name: value for name, value in order.identity().items() if name != "source"}
            told = {"tanemaki": __version__, "folder": str(order.output), **about}
            observer.run_started({**told, "wanted": order.rows, "resumes": resumes})

    def _completion(self, fingerprint: str) -> str:
        order = self._order
        quotas = None if order.quotas is None else order.quotas.to_json()
        return dump([fingerprint, order.rows, quotas, order.limit, order.licence, list(order.formats)])

    def _nothing_to_do(self, kept: str) -> Report:
        order, stats = self._order, self._progress.stats
        told = told_of(kept)
        accepted = told.accounting.accepted
        stats.wanted, stats.accepted = order.rows, accepted
        state: State = "short" if order.rows is not None and accepted < order.rows else "nothing_to_do"
        return Report(state, order.output, told.accounting, stats, order.rows, told, strata=told.strata)

    async def _go(self, journal: Journal, plan: int) -> State:
        order, stats = self._order, self._progress.stats
        stats.wanted, stats.most_items = order.rows, self._limit
        stats.limits = {
            name: most
            for name in ("requests", "tokens", "cost_usd", "minutes")
            if (most := getattr(order.limits, name)) is not None
        }
        stop = Stop()
        prefix = Prefix(order.wanted)
        strata = self._strata(journal)
        limits = order.limits
        with ExitStack() as stack:
            reader = connect(journal.path, read_only=True)
            stack.callback(reader.close)
            scratch = Scratch()
            stack.callback(scratch.close)
            spent = spent_so_far(reader)
            budget = Budget(
                requests=limits.requests, tokens=limits.tokens, usd=limits.cost_usd, spent=spent, stop=stop
            )
            closer = Closer(
                journal=journal,
                plan=plan,
                prefix=prefix,
                stats=stats,
                stop=stop,
                failed_share=limits.failed_share,
                accepted_share=limits.accepted_share if order.rows else None,
                judged_after=16 if writes_only_english(order) else CLOSED_BEFORE_ACCEPTED_SHARE,
                strata=strata,
            )
            self._take_up(reader, plan, closer)
            bounds = order.bounds()
            stats.budget = budget
            stats.lanes = {bound.role: bound.lanes for bound in bounds}
            caller = Caller(roles=bounds, journal=journal, budget=budget, stats=stats, stop=stop)
            caller.reuse = self._lenders(stack)
            earlier = Earlier(self._forget, self._again, self._progress.notes.append)
            ledger = Ledger(journal, reader, budget, stats)
            batches = collect_for(caller, bounds, ledger, stop, earlier)
            workers = self._workers(stop)
            if workers is not None:
                workers.underway = caller.underway
            obedience = Obedience(journal, budget, stats, stop)
            job = Job(
                plan=order.plan,
                setting=Setting(order.recipe.name, order.seed, order.texts, caller, workers, obedience),
                intake=Intake(order.source, scratch, self._limit),
                journal_reader=reader,
                forget=self._forget,
                closer=closer,
                prefix=prefix,
                scratch=scratch,
                stats=stats,
                stop=stop,
                demand=Demand(order.wanted, closer, caller.lookahead, across=order.plan.looks_across),
                window=_window(bounds),
                grace_s=_grace_s(order),
            )
            schedule = Schedule(job)
            for bound in bounds:
                stop.on_request(bound.lanes.release)
                bound.lanes.on_growth(schedule.look_again)
            stack.enter_context(self._signals(stop, schedule))
            async with AsyncExitStack() as models:
                if workers is not None:
                    models.push_async_callback(workers.close)
                if not prefix.is_full:
                    await self._open_or_stop(models, bounds, stop)
                    if batches is not None:
                        models.push_async_callback(self._end_batches, batches, prefix)
                        batches.start()
                self._progress.phase = "running"
                stats.begin()
                models.callback(stats.end)
                if limits.minutes is not None:
                    timer = asyncio.get_running_loop().call_later(
                        limits.minutes * 60, stop.request, _time_is_up(limits.minutes)
                    )
                    last = asyncio.get_running_loop().call_later(
                        limits.minutes * 60 + job.grace_s, schedule.cancel
                    )
                    models.callback(timer.cancel)
                    models.callback(last.cancel)
                if not prefix.is_full:
                    await self._run_schedule(schedule, prefix)
                self._progress.phase = "closing"
            if prefix.is_full:
                return "complete"
            if self._written:
                return "waiting"
            if stop.requested:
                return "stopped"
            return "complete" if order.rows is None else "short"

    async def _end_batches(self, batches: Collector, prefix: Prefix) -> None:
        await batches.close()
        self._written = batches.written
        self._progress.notes.extend(batches.still_out(is_complete=prefix.is_full))

    def _workers(self, stop: Stop) -> Workers | None:
        order, notes = self._order, self._progress.notes
        workplace = order.workplace()
        if workplace is not None:
            return Workers(order.workers, workplace, stop, notes.append)
        if order.workers:
            notes.append(f"workers have nothing to do: recipe {order.recipe.name!r} has no heavy step")
        return None

    async def _run_schedule(self, schedule: Schedule, prefix: Prefix) -> None:
        try:
            await schedule.run()
        except LimitReached:
            if not prefix.is_full:  # else the wanted rows are there, and only the look-ahead met the limit
                raise

    def _take_up(self, reader: Any, plan: int, closer: Closer) -> None:
        """Count what earlier starts closed. A recipe that looks across records goes through all of them again."""
        if self._retry:
            self._again, self._forget = failed_roots(reader, plan)
        if self._order.plan.looks_across:
            return
        strata = closer.strata
        tallies = iter(()) if strata is None else closed_tallies(reader, plan, strata.quotas)
        for root, accepted, rejected, failed, n_rows in closed_roots(reader, plan):
            tally = next(tallies) if strata is not None and n_rows >= 0 else NO_TALLY
            if root in self._again or (self._order.limit is not None and root > self._order.limit):
                continue
            if n_rows >= 0:
                closer.count_earlier(root, accepted, rejected, failed, tally)
            elif strata is not None and n_rows == strata.mark:
                closer.count_passed_earlier(root)
        closer.begin()

    def _strata(self, journal: Journal) -> Strata | None:
        """Return what follows the quotas; the journal keeps all that the run was ever started with, by number."""
        quotas = self._order.quotas
        known: Any = load(journal.meta().get("strata_known", "[]"))
        now = None if quotas is None else quotas.to_json()
        if now is not None and now not in known:
            known.append(now)
        journal.set_meta({"strata": dump(now), "strata_known": dump(known)})
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

    def _show(self, phase: str) -> None:
        self._progress.phase = phase

    async def _open_or_stop(self, stack: AsyncExitStack, bounds: Sequence[Bound], stop: Stop) -> None:
        """Open the models, unless the run is asked to stop meanwhile."""
        opening = asyncio.ensure_future(self._open_models(stack, bounds))
        asked = asyncio.ensure_future(stop.wait())
        await asyncio.wait((opening, asked), return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if opening.done():
            opening.result()
            return
        opening.cancel()
        await asyncio.wait((opening,))

    async def _open_models(self, stack: AsyncExitStack, bounds: Sequence[Bound]) -> None:
        for bound in bounds:
            self._progress.phase = f"opening the model of role {bound.role!r}"
            for lane in bound.lanes.all:
                if isinstance(lane.model, Local):
                    lane.model.report = self._show
                stack.push_async_callback(lane.model.close)
            self._progress.notes.extend(await bound.lanes.open())
        self._order.check_capabilities()

    def _asked_to_stop(self, stop: Stop, schedule: Schedule) -> None:
        if stop.requested:
            schedule.cancel()
            return
        self._progress.phase = "stopping: waiting for what is in flight (Ctrl-C again stops at once)"
        if self._on_stopping is not None:
            self._on_stopping()
        stop.request()

    @contextmanager
    def _signals(self, stop: Stop, schedule: Schedule) -> Any:
        """The first Ctrl-C lets what is in flight arrive; the second stops at once."""
        loop = asyncio.get_running_loop()
        self.interrupt = functools.partial(loop.call_soon_threadsafe, self._asked_to_stop, stop, schedule)
        if threading.current_thread() is not threading.main_thread() or sys.platform == "win32":
            yield
            return
        asked = functools.partial(self._asked_to_stop, stop, schedule)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, asked)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)


@contextmanager
def closing_reader(folder: Path) -> Any:
    """Open a run's journal for reading, for as long as the block lasts."""
    db = connect(folder / "journal.sqlite", read_only=True)
    try:
        yield db
    finally:
        db.close()


def _window(bounds: Sequence[Bound]) -> Callable[[], int]:
    """Return what says how many roots may be on their way at once: enough for every endpoint to be full."""
    least = max(64, longest_batch(bounds))
    lanes = [bound.lanes for bound in bounds]
    return lambda: max(least, 2 * sum(one.limit for one in lanes))


def _grace_s(order: Order) -> float:
    """Return 0 where every model runs on this machine: nobody is paid for what is cut off there."""
    kinds = {order.settings[role].kind if role in order.settings else "" for role in order.models}
    return 0.0 if kinds == {"local"} else 30.0


def _time_is_up(minutes: float) -> LimitReached:
    return LimitReached(
        "the limit minutes is used up",
        got=f"{minutes:g} minutes have passed",
        next="start the same run again to go on: nothing is paid twice",
    )
