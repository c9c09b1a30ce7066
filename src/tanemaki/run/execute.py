"""Starts a run: folder, journal and models are opened, the schedule runs, the files are written.

One start ends in one of these ways:

==================  ====  ==========================================================================
state               exit  meaning
==================  ====  ==========================================================================
``complete``        0     the wanted rows are there, or the source is used up and none were named
``nothing_to_do``   0     it was complete before: nothing was sent
``short``           4     the source is used up and holds fewer rows than were wanted
``stopped``         130   asked to stop (Ctrl-C, SIGTERM); goes on when started again
==================  ====  ==========================================================================

Anything else is raised: :class:`~tanemaki.core.errors.LimitReached`, ``ModelError``, ``SetupError``, ``RecipeError``.
"""

from __future__ import annotations

import asyncio
import functools
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tanemaki.core.errors import LimitReached
from tanemaki.engine.call import Address
from tanemaki.engine.calls import Caller, spent_so_far
from tanemaki.engine.closing import CLOSED_BEFORE_ACCEPTED_SHARE, Closer
from tanemaki.engine.context import Setting
from tanemaki.engine.intake import Intake
from tanemaki.engine.journal import Journal, connect
from tanemaki.engine.limits import Budget
from tanemaki.engine.prefix import Prefix
from tanemaki.engine.reading import Accounting, closed_roots, failed_roots
from tanemaki.engine.schedule import Job, Schedule
from tanemaki.engine.scratch import Scratch
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop
from tanemaki.engine.stored import dump, load
from tanemaki.models.local import Local
from tanemaki.run.export import Exported, export, is_exported, tally
from tanemaki.run.folder import (
    changes,
    check_foreign,
    check_identity,
    fingerprint_of,
    replies_held,
    write_run_yaml,
)
from tanemaki.run.language import writes_only_english
from tanemaki.run.order import Order

State = Literal["complete", "nothing_to_do", "short", "stopped"]
EXIT_CODES: Mapping[State, int] = {"complete": 0, "nothing_to_do": 0, "short": 4, "stopped": 130}


@dataclass(slots=True)
class Progress:
    """What a display may read while a run goes on, from any thread."""

    phase: str = "getting ready"
    stats: Stats = field(default_factory=Stats)
    notes: list[str] = field(default_factory=list)
    """Sentences for the user, in order: what changed, what is paid again."""


@dataclass(slots=True)
class Report:
    """How a start of a run ended."""

    state: State
    folder: Path
    accounting: Accounting
    stats: Stats
    wanted: int | None
    exported: Exported | None = None

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
        }


def execute(
    order: Order,
    *,
    progress: Progress | None = None,
    retry: bool = False,
    on_stopping: Callable[[], None] | None = None,
) -> Report:
    """Run an order to its end and return the report. Works inside a running event loop (a notebook), too.

    ``retry`` does the failed rows again, and nothing else. ``on_stopping`` is called at the first Ctrl-C.
    """
    work = _Start(order, progress or Progress(), retry=retry, on_stopping=on_stopping)
    return _in_thread(work) if _loop_is_running() else _run_loop(work)


def _loop_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _run_loop(work: _Start) -> Report:
    factory = None
    if sys.platform != "win32":
        try:
            import uvloop
        except ModuleNotFoundError:
            pass
        else:
            factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        return runner.run(work.run())


def _in_thread(work: _Start) -> Report:
    """Run in a thread of its own: the caller's thread has a running event loop."""
    ended: list[Report | BaseException] = []

    def target() -> None:
        try:
            ended.append(_run_loop(work))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            ended.append(error)

    thread = threading.Thread(target=target, name="tanemaki-run")
    thread.start()
    while thread.is_alive():
        try:
            thread.join()
        except (
            KeyboardInterrupt
        ):  # the cell's stop button: once lets what is in flight arrive, twice stops at once
            work.interrupt()
    if isinstance(ended[0], BaseException):
        raise ended[0]
    return ended[0]


class _Start:
    """One start of a run."""

    def __init__(
        self, order: Order, progress: Progress, *, retry: bool, on_stopping: Callable[[], None] | None
    ) -> None:
        self._order = order
        self._progress = progress
        self._retry = retry
        self._on_stopping = on_stopping
        self.interrupt: Callable[[], object] = lambda: None
        """Ask the run to stop, from another thread."""
        self._again: frozenset[int] = frozenset()
        self._forget: dict[Address, int] = {}

    async def run(self) -> Report:
        order = self._order
        check_foreign(order.output)
        n_calls = replies_held(order.output)
        async with AsyncExitStack() as stack:
            self._progress.notes.extend(getattr(order.source, "notes", ()))
            journal = Journal(order.output)
            stack.push_async_callback(journal.close)
            meta = journal.meta()
            check_identity(order, meta)
            parts = order.plan_parts()
            fingerprint = fingerprint_of(parts)
            last = journal.last_plan()
            if last and last[1] != fingerprint:
                self._progress.notes.extend(changes(order, load(last[2]), n_calls))
            plan = journal.open_plan(fingerprint, dump(parts))
            done = meta.get("complete") == self._completion(fingerprint) and is_exported(order)
            if done and not self._retry:
                return self._nothing_to_do(plan)
            journal.set_meta({**order.identity(), "complete": "", "rows": dump(order.rows), "started": "1"})
            write_run_yaml(order, parts)
            state = await self._go(journal, plan)
            await journal.durable()
            if state == "stopped":
                with closing_reader(order.output) as db:
                    figures = tally(order, db, plan).accounting
                return Report(state, order.output, figures, self._progress.stats, order.rows)
            self._progress.phase = "writing the dataset"
            with closing_reader(order.output) as db:
                exported = export(order, db, plan)
            journal.set_meta({"complete": self._completion(fingerprint)})
            return Report(
                state, order.output, exported.accounting, self._progress.stats, order.rows, exported
            )

    def _completion(self, fingerprint: str) -> str:
        order = self._order
        return dump([fingerprint, order.rows, order.limit, order.licence, list(order.formats)])

    def _nothing_to_do(self, plan: int) -> Report:
        order, stats = self._order, self._progress.stats
        with closing_reader(order.output) as db:
            told = tally(order, db, plan)
        accepted = told.accounting.accepted
        stats.wanted, stats.accepted = order.rows, accepted
        state: State = "short" if order.rows is not None and accepted < order.rows else "nothing_to_do"
        return Report(state, order.output, told.accounting, stats, order.rows, told)

    async def _go(self, journal: Journal, plan: int) -> State:
        order, stats = self._order, self._progress.stats
        stats.wanted = order.rows
        stop = Stop()
        prefix = Prefix(order.rows)
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
            )
            self._take_up(reader, plan, closer)
            bounds = order.bounds()
            caller = Caller(roles=bounds, journal=journal, budget=budget, stats=stats, stop=stop)
            job = Job(
                plan=order.plan,
                setting=Setting(order.recipe.name, order.seed, order.texts, caller),
                intake=Intake(order.source, scratch, order.limit),
                journal_reader=reader,
                forget=self._forget,
                closer=closer,
                prefix=prefix,
                scratch=scratch,
                stats=stats,
                stop=stop,
                wanted=order.rows,
                window=max(64, 2 * sum(bound.concurrency for bound in bounds)),
                grace_s=_grace_s(order),
            )
            schedule = Schedule(job)
            stack.enter_context(self._signals(stop, schedule))
            async with AsyncExitStack() as models:
                if not prefix.is_full:
                    await self._open_or_stop(models, stop)
                self._progress.phase = "running"
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
            if stop.requested:
                return "stopped"
            return "complete" if order.rows is None else "short"

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
        for root, accepted, rejected, failed in closed_roots(reader, plan):
            if root not in self._again and (self._order.limit is None or root <= self._order.limit):
                closer.count_earlier(root, accepted, rejected, failed)
        closer.begin()

    def _show(self, phase: str) -> None:
        self._progress.phase = phase

    async def _open_or_stop(self, stack: AsyncExitStack, stop: Stop) -> None:
        """Open the models, unless the run is asked to stop meanwhile."""
        opening = asyncio.ensure_future(self._open_models(stack))
        asked = asyncio.ensure_future(stop.wait())
        await asyncio.wait((opening, asked), return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if opening.done():
            opening.result()
            return
        opening.cancel()
        await asyncio.wait((opening,))

    async def _open_models(self, stack: AsyncExitStack) -> None:
        for role, model in self._order.models.items():
            self._progress.phase = f"opening the model of role {role!r}"
            if isinstance(model, Local):
                model.report = self._show
            stack.push_async_callback(model.close)
            await model.open()
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
