"""One root on its way through the plan: steps in their order, side by side where they may, children and their group."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import TypeVar, cast

from tanemaki.core.errors import (
    RecipeError,
    shorten,
)
from tanemaki.core.plan import Plan, is_structural
from tanemaki.core.record import Json, Record
from tanemaki.core.step import Outcome, Spec, call_each
from tanemaki.core.verdict import Reject
from tanemaki.engine.context import RecordContext, Setting
from tanemaki.engine.gates import Gate
from tanemaki.engine.outcomes import (
    Failed,
    added_by,
    children_of,
    left_by,
    reject,
    settle,
    settle_in_worker,
    settle_pure,
)
from tanemaki.engine.root import Root
from tanemaki.engine.stopping import Stop
from tanemaki.engine.workers import Workers

T = TypeVar("T")


class Walker:
    """Takes records through the steps of a plan. Holds nothing of any record."""

    def __init__(self, plan: Plan, setting: Setting, gates: Mapping[int, Gate], stop: Stop) -> None:
        self._plan = plan
        self._stop = stop
        self._setting = setting
        self._gates = gates
        self._stretches: dict[tuple[int, int], tuple[int, bool]] = {}
        """First step, end of a phase → where the steps that wait for no other record end, and whether they stand in line."""

    async def walk(self, root: Root, record: Record, at: int, stop: int) -> list[Record]:
        """Take a record from step ``at`` to before step ``stop``; return what arrives there, in ordinal order.

        Everything else is noted in ``root.rows``. Raises what ends the run, and has asked the run to stop before: nobody
        who waits for this record at a gate would hear of it otherwise.
        """
        try:
            return await self._walk(root, record, at, stop)
        except BaseException as error:
            self._stop.note(error)
            raise

    async def _walk(self, root: Root, record: Record, at: int, stop: int) -> list[Record]:
        specs = self._plan.specs
        while at < stop:
            stretch = self._stretches.get((at, stop))
            if stretch is None:
                end = next((i for i in range(at, stop) if is_structural(specs[i])), stop)
                stretch = self._stretches[at, stop] = (end, self._plan.is_line(at, end))
            end, is_line = stretch
            if end > at:
                moved = await (self._in_line if is_line else self._side_by_side)(root, record, at, end)
                if moved is None:
                    return []
                record, at = moved, end
                continue
            spec = specs[at]
            group = self._plan.groups.get(at)
            outcome = await self._structural(root, record, at)
            children = children_of(spec, record, outcome) if spec.fans_out else None
            if isinstance(children, Failed):
                outcome = children
            elif children is not None:
                arrived = await self._fan_out(root, record, at, children, stop if group is None else group)
                if group is None and not children:
                    root.end(
                        record,
                        "rejected",
                        step_place=at,
                        step=spec.name,
                        reason="no_children",
                        measured=0,
                        limit=1,
                    )
                    return []
                if group is None:
                    root.end(record, "parent", step_place=at, step=spec.name)
                    return arrived
                outcome = await self._gather(root, record, arrived, group)
                at = group
            kept = self._apply(root, record, at, outcome)
            if kept is None:
                return []
            record, at = kept, at + 1
        return [record]

    async def _structural(self, root: Root, record: Record, at: int) -> Outcome | Failed:
        spec = self._plan.specs[at]
        context = RecordContext(self._setting, spec, at, record, root)
        if spec.kind == "ordered":
            try:
                return await self._gates[at].decide(record)
            except SystemExit as error:
                raise left_by(spec) from error
        if spec.kind == "draws":
            gate = next(gate for gate in self._gates.values() if gate.spec.name == spec.pool)
            first = record.ordinal[0] - 1
            entries = await gate.entries_before(first - first % spec.epoch + 1)
            return await settle(spec, lambda: spec.step(record, entries, context))
        if (workers := self._workers_for(spec)) is not None:
            return await settle_in_worker(workers, spec, at, record)
        return await settle(spec, lambda: call_each(spec, record, context))

    def _workers_for(self, spec: Spec) -> Workers | None:
        return self._setting.workers if spec.heavy else None

    async def _fan_out(
        self, root: Root, parent: Record, at: int, children: list[Record], stop: int
    ) -> list[Record]:
        for place, gate in self._gates.items():
            if at < place < stop:
                gate.replace(parent.ordinal, [child.ordinal for child in children])
        root.n_children += len(children)
        walks = (self.walk(root, child, at + 1, stop) for child in children)
        return [record for arrived in await gather_all(walks) for record in arrived]

    async def _gather(self, root: Root, parent: Record, arrived: list[Record], at: int) -> Outcome | Failed:
        spec = self._plan.specs[at]
        context = RecordContext(self._setting, spec, at, parent, root)
        children = sorted(arrived, key=lambda child: child.ordinal)
        outcome = await settle(spec, lambda: spec.step(parent, children, context))
        for child in children:
            root.end(child, "merged", step_place=at, step=spec.name)
        return outcome

    def _apply(self, root: Root, record: Record, at: int, outcome: Outcome | Failed) -> Record | None:
        """Return the record with what the step added, or note its end and return None."""
        spec = self._plan.specs[at]
        if isinstance(outcome, Record | Mapping):
            outcome = added_by(spec, record, outcome)
            if not isinstance(outcome, Failed):
                return record.with_fields(**outcome) if outcome else record
        for gate in self._gates.values():
            gate.leave(record.ordinal)
        if isinstance(outcome, Reject):
            reject(root, record, at, spec, outcome)
        elif isinstance(outcome, Failed):
            root.end(
                record, "failed", step_place=at, step=spec.name, reason=outcome.fault, note=outcome.message
            )
        else:
            raise RecipeError(
                f"step {spec.name!r} gave back what is no outcome",
                got=shorten(outcome),
                next="give back a record, a mapping of fields or a Reject; Children only with fans_out = True",
            )
        return None

    async def _in_line(self, root: Root, record: Record, at: int, end: int) -> Record | None:
        """Run the steps from ``at`` to before ``end`` one after the other, as they do not wait for each other's calls.

        The outcome is that of :meth:`_side_by_side`, which would start no call earlier.
        """
        base, waits = record, self._plan.waits
        added: dict[int, Mapping[str, Json]] = {}
        for i in range(at, end):
            spec, seen = self._plan.specs[i], record
            if len(waits[i]) < i:  # it sees what it waits for, and nothing else
                seen = _with_fields(base, [added[j] for j in sorted(waits[i]) if j >= at])
            outcome: Outcome | Failed
            context = RecordContext(self._setting, spec, i, seen, root)
            if spec.is_async:
                outcome = await settle(spec, lambda: call_each(spec, seen, context))  # noqa: B023 - called at once
            elif (workers := self._workers_for(spec)) is not None:
                outcome = await settle_in_worker(workers, spec, i, seen)
            else:
                outcome = settle_pure(spec, lambda: call_each(spec, seen, context))  # noqa: B023
            if not isinstance(outcome, Reject | Failed):
                outcome = added_by(spec, seen, outcome)
            if isinstance(outcome, Reject | Failed):
                return self._apply(root, record, i, outcome)
            added[i] = outcome
            if outcome:
                record = record.with_fields(**outcome)
        return record

    async def _side_by_side(self, root: Root, record: Record, at: int, end: int) -> Record | None:
        """Run the steps from ``at`` to before ``end``, none of which waits for other records.

        Steps that do not need each other run side by side. Of several endings the one of the first listed step counts, so
        that the outcome does not depend on which of them was faster: an ending stops only the steps listed after it.
        """
        waits = self._plan.waits
        base = record
        added: dict[int, Mapping[str, Json]] = {}
        running: dict[asyncio.Future[Outcome | Failed], tuple[int, Record]] = {}
        started: set[int] = set()
        ending: tuple[int, Reject | Failed | None] = (end, None)
        while True:
            ready = [
                i
                for i in range(at, ending[0])
                if i not in started and (i == at or all(j < at or j in added for j in waits[i]))
            ]
            started.update(ready)
            for i in ready:
                seen = base
                if added:
                    seen = _with_fields(base, [added[j] for j in sorted(waits[i]) if j >= at])
                work = self._each(root, seen, i)
                if len(ready) == 1 and not running:
                    ending = self._note(i, seen, await work, added, ending)
                else:
                    running[asyncio.ensure_future(work)] = (i, seen)
            if running:
                try:
                    done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                except asyncio.CancelledError:  # stopped at once: nothing is left running behind
                    for future in running:
                        future.cancel()
                    await asyncio.gather(*running, return_exceptions=True)
                    raise
                if any(future.exception() is not None for future in done):
                    await gather_all(running)
                for future in done:
                    ending = self._note(*running.pop(future), future.result(), added, ending)
            elif not ready:
                break
        ended_at, how = ending
        record = _with_fields(base, [added[i] for i in sorted(added) if i < ended_at])
        return record if how is None else self._apply(root, record, ended_at, how)

    def _note(
        self,
        i: int,
        seen: Record,
        outcome: Outcome | Failed,
        added: dict[int, Mapping[str, Json]],
        ending: tuple[int, Reject | Failed | None],
    ) -> tuple[int, Reject | Failed | None]:
        """Keep what step ``i`` added, or return it as the ending if it is the first listed one."""
        if isinstance(outcome, Reject | Failed):
            return (i, outcome) if i < ending[0] else ending
        spec = self._plan.specs[i]
        outcome = added_by(spec, seen, outcome)
        if isinstance(outcome, Failed):
            return (i, outcome) if i < ending[0] else ending
        added[i] = outcome
        return ending

    async def _each(self, root: Root, record: Record, at: int) -> Outcome | Failed:
        spec = self._plan.specs[at]
        context = RecordContext(self._setting, spec, at, record, root)
        try:
            if (workers := self._workers_for(spec)) is not None:
                return await settle_in_worker(workers, spec, at, record)
            return await settle(spec, lambda: call_each(spec, record, context))
        except BaseException as error:
            self._stop.note(error)
            raise


def _with_fields(record: Record, added: Sequence[Mapping[str, Json]]) -> Record:
    fields: dict[str, Json] = {}
    for more in added:
        fields.update(more)
    return record.with_fields(**fields) if fields else record


async def gather_all(works: Iterable[Awaitable[T]]) -> list[T]:
    """Wait for all of them, then raise the first failure in their order, if any: nothing is left running behind."""
    works = list(works)
    if len(works) == 1:
        return [await works[0]]
    results = await asyncio.gather(*works, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return cast("list[T]", results)
