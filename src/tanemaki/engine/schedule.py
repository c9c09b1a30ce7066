"""The schedule: which roots are on their way, when another may set out, and when the run is done.

A root is one coroutine; it goes from step to step as soon as its own inputs are there (promise 5). As many roots are live as
the wanted rows need at the measured acceptance, and never more than a window, so that memory stays flat.
"""

from __future__ import annotations

import asyncio
import functools
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tanemaki.core.plan import Plan
from tanemaki.core.record import Record
from tanemaki.core.source import BadItem
from tanemaki.core.verdict import Reject
from tanemaki.engine.call import Address
from tanemaki.engine.calls import KnownCalls
from tanemaki.engine.closing import Closer
from tanemaki.engine.context import RecordContext, Setting
from tanemaki.engine.demand import Demand
from tanemaki.engine.gates import Gate
from tanemaki.engine.intake import Intake
from tanemaki.engine.outcomes import reject
from tanemaki.engine.prefix import Prefix
from tanemaki.engine.root import Root
from tanemaki.engine.scratch import Scratch
from tanemaki.engine.stats import Stats
from tanemaki.engine.stopping import Stop, Stopped
from tanemaki.engine.strata import UNWANTED_IN_A_ROW
from tanemaki.engine.walk import Walker, gather_all

MOST_HELD = 1_024
"""Roots that wait in memory until it is known whether their stratum is full; the ones behind them may set out."""

_Content = list[Record] | BadItem | None
Feed = Iterator[tuple[Root | None, _Content]]
"""Roots that may set out, each with the records to take up, a bad item, or None for an exact repetition; no root for a
place that an earlier start closed."""


@dataclass(slots=True)
class Job:
    """Everything that a schedule works with."""

    plan: Plan
    setting: Setting
    intake: Intake
    journal_reader: sqlite3.Connection
    forget: Mapping[Address, int]
    """Calls that are made again (``tanemaki retry``) → the id of the first request that came after their failure."""
    closer: Closer
    prefix: Prefix
    scratch: Scratch
    stats: Stats
    stop: Stop
    demand: Demand
    window: Callable[[], int]
    """Most roots on their way at once, as the endpoints are known so far."""
    grace_s: float
    """How long requests in flight may take to arrive once there are enough rows; then they are cut off."""


@dataclass(frozen=True, slots=True)
class _Way:
    """A phase: the steps from ``start`` to before ``end``."""

    walker: Walker
    gates: Mapping[int, Gate]
    start: int
    end: int
    is_last: bool


class Schedule:
    """Runs a job to its end. One instance is one start of a run."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._loop = asyncio.get_running_loop()
        self._live: dict[asyncio.Task[None], Record] = {}
        """Roots on their way: the task, and the record that set out."""
        self._held: list[tuple[Root, list[Record]]] = []
        """Roots whose stratum may become full by what is on its way, in order."""
        self._n_unasked = 0
        """Roots that were closed without being asked since the journal was waited for."""
        self._changed = asyncio.Event()
        job.stop.on_request(self._changed.set)

    async def run(self) -> None:
        """Return when there are enough rows, the source is used up, or the run was asked to stop.

        Raises what ended the run: a limit, a dead endpoint, our own bug. Whatever was in flight has arrived by then.
        """
        job = self._job
        sets = [i for i, spec in enumerate(job.plan.specs) if spec.kind == "set"]
        starts = [0, *(place + 1 for place in sets)]
        for start, end in zip(starts, [*sets, len(job.plan.specs)], strict=True):
            if start:
                self._decide_set(start - 1)
            await self._phase(start, end)
            if job.stop.requested:
                break
        if job.stop.reason is not None:
            raise job.stop.reason

    async def _phase(self, start: int, end: int) -> None:
        job = self._job
        is_last = end == len(job.plan.specs)
        gates = self._gates(start, end)
        way = _Way(Walker(job.plan, job.setting, gates, job.stop), gates, start, end, is_last=is_last)
        job.closer.judges_shares = is_last
        try:
            job.setting.caller.underway.feeding = True
            await self._feed(way)
        except BaseException as error:
            job.stop.note(error)
            if error is not job.stop.reason:
                raise  # cancelled
        job.setting.caller.underway.feeding = False
        await self._wait(lambda: not self._live, is_last=is_last)
        if self._is_over(is_last=is_last):
            asked_to_stop = job.stop.requested
            job.stop.request()
            if self._live and not asked_to_stop:  # enough rows: what was paid for may arrive, for a while
                await asyncio.wait(self._live, timeout=job.grace_s)
                self.cancel()
        if self._live:
            await asyncio.wait(self._live)

    async def _feed(self, way: _Way) -> None:
        """Let the roots of a phase set out, one after the other, as long as they are wanted."""
        job = self._job
        feed = self._from_parked(way.start - 1) if way.start else self._from_source()
        for n_fed, (root, content) in enumerate(feed):
            if n_fed % 64 == 0:
                await asyncio.sleep(0)  # lets the others go on where nothing has to be waited for
            if root is None:
                continue
            if self._is_over(is_last=way.is_last):
                return
            if not self._moves_on(way, root, content):
                await self._wait(functools.partial(self._moves_on, way, root, content), is_last=way.is_last)
                if self._is_over(is_last=way.is_last):
                    return
            if self._n_unasked >= 256:  # noqa: PLR2004 - so many closures at most wait for the disk
                self._n_unasked = 0
                await job.closer.durable()
        await self._wait(functools.partial(self._let_go_held, way), is_last=way.is_last)

    def _moves_on(self, way: _Way, root: Root, content: _Content) -> bool:
        """Let a root set out, or not; say whether it is its successor's turn."""
        job = self._job
        if self._held:
            self._let_go_held(way)
        record = root.record if isinstance(content, list) else None
        verdict = job.demand.verdict(
            root.number, record, is_last=way.is_last, has_room=len(self._live) < job.window()
        )
        if isinstance(content, list) and verdict == "hold" and len(self._held) < MOST_HELD:
            self._held.append((root, content))
        elif verdict == "pass":
            return self._pass_over(root)
        elif verdict != "go":
            return False
        elif isinstance(content, list):
            self._let_go(way, root, content)
        else:
            job.closer.close_unread(root, content)
            self._n_unasked += 1
        return True

    def _let_go_held(self, way: _Way) -> bool:
        """Let those set out that turned out to be needed, and pass over the others; say whether none is left."""
        job = self._job
        held, self._held = self._held, []
        for root, content in held:
            verdict = job.demand.verdict(
                root.number, root.record, is_last=way.is_last, has_room=len(self._live) < job.window()
            )
            if verdict == "go":
                self._let_go(way, root, content)
            elif verdict == "pass":
                job.closer.pass_over(root)
            else:
                self._held.append((root, content))
        return not self._held

    def _pass_over(self, root: Root) -> bool:
        job = self._job
        strata = job.closer.strata
        if strata is not None and strata.unwanted >= UNWANTED_IN_A_ROW and job.intake.is_endless:
            if not self._live and not self._held:
                job.closer.note_unwanted()
            return False
        job.closer.pass_over(root)
        self._n_unasked += 1
        return True

    def _let_go(self, way: _Way, root: Root, content: list[Record]) -> None:
        job = self._job
        for gate in way.gates.values():
            gate.admit(root.number, [record.ordinal for record in content])
        job.demand.sets_out(root.record)
        task = self._loop.create_task(self._take(way.walker, root, content, way.start, way.end))
        self._live[task] = root.record
        task.add_done_callback(self._ended)
        job.stats.live = len(self._live)

    async def _wait(self, ready: Callable[[], bool], *, is_last: bool) -> None:
        underway = self._job.setting.caller.underway
        was_feeding, underway.feeding = underway.feeding, False
        while not self._is_over(is_last=is_last) and not ready():
            if not self._is_over(is_last=is_last):  # what became ready may have ended the run
                self._changed.clear()
                await self._changed.wait()
        underway.feeding = was_feeding

    def _is_over(self, *, is_last: bool) -> bool:
        return self._job.stop.requested or (is_last and self._job.prefix.is_full)

    def _gates(self, start: int, end: int) -> dict[int, Gate]:
        job = self._job
        gates = {}
        for place in job.plan.gates:
            if start <= place < end:
                spec = job.plan.specs[place]
                nobody = Record("", (0,), {})
                gates[place] = Gate(spec, RecordContext(job.setting, spec, place, nobody, None), job.stop)
        return gates

    def _from_source(self) -> Feed:
        job = self._job
        known = KnownCalls(job.journal_reader, job.forget)
        for number, content in job.intake:
            if job.prefix.is_closed(number):
                yield None, None
            elif isinstance(content, Record):
                yield Root(number, content, known=known.of(number)), [content]
            else:
                yield Root(number, Record("", (number,), {})), content

    def _from_parked(self, place: int) -> Feed:
        job = self._job
        known = KnownCalls(job.journal_reader, job.forget)
        number = 0
        while (found := job.scratch.unpark_after(number)) is not None:
            root, waiting = found
            number = root.number
            root.known = known.of(number)
            yield (
                root,
                [kept for record in waiting if (kept := self._after_set(root, record, place)) is not None],
            )

    def _decide_set(self, place: int) -> None:
        job = self._job
        spec = job.plan.specs[place]
        context = RecordContext(job.setting, spec, place, Record("", (0,), {}), None)
        for record, verdict in spec.step.decide(job.scratch.parked(), context):
            job.scratch.keep_verdict(record, verdict)

    def _after_set(self, root: Root, record: Record, place: int) -> Record | None:
        spec = self._job.plan.specs[place]
        verdict = self._job.scratch.take_verdict(record.id)
        if isinstance(verdict, Reject):
            reject(root, record, place, spec, verdict)
            return None
        return record.with_fields(**verdict) if verdict else record

    async def _take(self, walker: Walker, root: Root, records: list[Record], start: int, end: int) -> None:
        """Take a root through one phase; whatever ends the run is handed to the switch."""
        job = self._job
        try:
            if len(records) == 1:
                arrived = await walker.walk(root, records[0], start, end)
            else:
                walks = [walker.walk(root, record, start, end) for record in records]
                arrived = [record for ended in await gather_all(walks) for record in ended]
            if root.interrupted is not None:
                if not isinstance(root.interrupted, Stopped):
                    job.stop.request(root.interrupted)
                return
            if end < len(job.plan.specs) and arrived:
                job.scratch.park(root, arrived)
                self._note_end(root, is_closed=False)
                return
            for record in arrived:
                root.end(record, "accepted", step_place=end)
            job.closer.close(root)
            self._note_end(root, is_closed=True)
        except Stopped:
            return
        except asyncio.CancelledError:
            job.stop.request()
            raise
        except BaseException as error:  # noqa: BLE001 - whatever it is, it ends the run and is raised there
            job.stop.request(error)

    def _note_end(self, root: Root, *, is_closed: bool) -> None:
        lookahead = self._job.setting.caller.lookahead
        if lookahead is not None:
            lookahead.ended(root.number, asked=bool(root.calls) or not is_closed)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._job.demand.ended(self._live.pop(task))
        self._job.stats.live = len(self._live)
        self._changed.set()

    def look_again(self) -> None:
        """See whether more roots may set out: there is more room than before."""
        self._changed.set()

    def cancel(self) -> None:
        """Stop at once: requests in flight are cut off and stay charged at their worst case."""
        self._job.stop.request()
        for task in self._live:
            task.cancel()
