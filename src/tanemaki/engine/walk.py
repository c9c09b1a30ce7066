"""One root on its way through the plan: steps in their order, side by side where they may, children and their group."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import CoroutineType
from typing import TypeVar, cast

from tanemaki.core.errors import (
    DataError,
    LimitReached,
    ModelError,
    RecipeError,
    SetupError,
    TanemakiError,
    shorten,
)
from tanemaki.core.fields import misfit
from tanemaki.core.plan import Plan, is_structural
from tanemaki.core.record import Children, Json, Record
from tanemaki.core.seeding import hex_id
from tanemaki.core.step import Outcome, Spec, call_each
from tanemaki.core.verdict import Reject
from tanemaki.engine.context import RecordContext, Setting
from tanemaki.engine.gates import Gate
from tanemaki.engine.root import Root
from tanemaki.engine.stopping import Stop, Stopped
from tanemaki.engine.workers import WorkerDied, Workers

T = TypeVar("T")


_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Failed:
    """A step could not do its work on a record: the record becomes a failed row."""

    fault: str
    message: str


class Walker:
    """Takes records through the steps of a plan. Holds nothing of any record."""

    def __init__(self, plan: Plan, setting: Setting, gates: Mapping[int, Gate], stop: Stop) -> None:
        self._plan = plan
        self._stop = stop
        self._setting = setting
        self._gates = gates

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
            end = next((i for i in range(at, stop) if is_structural(specs[i])), stop)
            if end > at:
                moved = await self._stretch(root, record, at, end)
                if moved is None:
                    return []
                record, at = moved, end
                continue
            spec = specs[at]
            group = self._plan.groups.get(at)
            outcome = await self._structural(root, record, at)
            children = _children_of(spec, record, outcome) if spec.fans_out else None
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
                raise _left(spec) from error
        if spec.kind == "draws":
            gate = next(gate for gate in self._gates.values() if gate.spec.name == spec.pool)
            first = record.ordinal[0] - 1
            entries = await gate.entries_before(first - first % spec.epoch + 1)
            return await _settle(spec, lambda: spec.step(record, entries, context))
        if spec.heavy and self._setting.workers is not None:
            return await _in_worker(self._setting.workers, spec, at, record)
        return await _settle(spec, lambda: call_each(spec, record, context))

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
        outcome = await _settle(spec, lambda: spec.step(parent, children, context))
        for child in children:
            root.end(child, "merged", step_place=at, step=spec.name)
        return outcome

    def _apply(self, root: Root, record: Record, at: int, outcome: Outcome | Failed) -> Record | None:
        """Return the record with what the step added, or note its end and return None."""
        spec = self._plan.specs[at]
        if isinstance(outcome, Record | Mapping):
            outcome = _added(spec, record, outcome)
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

    async def _stretch(self, root: Root, record: Record, at: int, end: int) -> Record | None:
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
        outcome = _added(spec, seen, outcome)
        if isinstance(outcome, Failed):
            return (i, outcome) if i < ending[0] else ending
        added[i] = outcome
        return ending

    async def _each(self, root: Root, record: Record, at: int) -> Outcome | Failed:
        spec = self._plan.specs[at]
        context = RecordContext(self._setting, spec, at, record, root)
        try:
            if spec.heavy and self._setting.workers is not None:
                return await _in_worker(self._setting.workers, spec, at, record)
            return await _settle(spec, lambda: call_each(spec, record, context))
        except BaseException as error:
            self._stop.note(error)
            raise


async def _settle(spec: Spec, call: Callable[[], Outcome | Awaitable[Outcome]]) -> Outcome | Failed:
    """Return a step's outcome, a failure as :class:`Failed`.

    A bad row is data: a failed call or any exception of an asynchronous step fails the row. A bad filter is a bug: an
    exception of a pure step passes and ends the run.
    """
    if not spec.is_async:
        try:
            outcome = call()
        except DataError as error:
            return Failed("DataError", _told(error))
        except SystemExit as error:
            raise _left(spec) from error
        refuse_coroutines(spec, outcome)
        return cast("Outcome", outcome)
    try:
        outcome = await cast("Awaitable[Outcome]", call())
    except SystemExit as error:
        raise _left(spec) from error
    except (Stopped, SetupError, RecipeError, LimitReached):
        raise
    except ModelError as error:
        if error.ends_run:
            raise
        return Failed(error.fault, _told(error))
    except Exception as error:  # noqa: BLE001 - the one place that turns a step's failure into a row
        return Failed(type(error).__name__, str(error)[:2000])
    refuse_coroutines(spec, outcome)
    return outcome


def refuse_coroutines(spec: Spec, outcome: object) -> None:
    """Raise ``RecipeError`` where a step gave back what must be awaited."""
    given = outcome.values() if isinstance(outcome, Mapping) else (outcome,)
    forgotten = [one for one in given if isinstance(one, CoroutineType)]
    if forgotten:
        for coroutine in forgotten:
            coroutine.close()
        if spec.is_async:
            raise RecipeError(
                f"step {spec.name!r} gave back a coroutine instead of its result",
                next="write `await` before the model",
            )
        raise RecipeError(
            f"step {spec.name!r} gave back a coroutine: it is not declared with `async def`",
            next="write `async def`, and `await` the model",
        )


async def _in_worker(workers: Workers, spec: Spec, at: int, record: Record) -> Outcome | Failed:
    """Return a heavy step's outcome from a worker process; what it raises there means what it means here."""
    try:
        return await workers.call(at, spec, record)
    except DataError as error:
        return Failed("DataError", _told(error))
    except WorkerDied as error:
        return Failed("worker_died", str(error))
    except SystemExit as error:
        raise _left(spec) from error


def _left(spec: Spec) -> RecipeError:
    """Return what a step's ``SystemExit`` is told as: it would end the run without a word, as if it were done."""
    return RecipeError(
        f"step {spec.name!r} tried to end the program",
        got="SystemExit, as sys.exit() raises it",
        next="raise another exception to end the run, or give back a Reject to refuse the record",
    )


def _added(spec: Spec, seen: Record, outcome: object) -> Mapping[str, Json] | Failed:
    """Return the fields that a step adds, or a failure where one holds what its type cannot.

    A pure step that gives back the wrong type is a bug, and so are fields that no step declares: ``RecipeError``.
    """
    if outcome is seen:
        return {}
    if isinstance(outcome, Record):
        outcome = {
            name: value
            for name, value in outcome.fields.items()
            if seen.fields.get(name, _NOTHING) is not value
        }
    if not isinstance(outcome, Mapping) or outcome.keys() - spec.writes.keys():
        raise RecipeError(
            f"step {spec.name!r} gave back what it does not declare in `writes`",
            got=shorten(outcome),
            next=f"its writes are: {', '.join(spec.writes) or 'none'}",
        )
    for name, value in outcome.items():
        wrong = misfit(value, spec.writes[name])
        if wrong is None:
            continue
        if not spec.is_async:
            raise RecipeError(
                f"step {spec.name!r} wrote {wrong} into the field {name!r}",
                got=shorten(value),
                next="declare its type: `writes`, or the return annotation of a plain function (int, float, bool, dict)",
            )
        return Failed("DataError", f"the field {name!r} holds {wrong}")
    return outcome


def _told(error: TanemakiError) -> str:
    """Return what a failed row says of its error: no address and no path, which are no part of the data."""
    return error.what if error.next is None else f"{error.what}; {error.next}"


def _children_of(spec: Spec, parent: Record, outcome: object) -> list[Record] | Failed | None:
    """Return the children that a step made; None where it rejected or failed the record."""
    if isinstance(outcome, Reject | Failed):
        return None
    if isinstance(outcome, Record):
        outcome = Children.of({name: outcome[name] for name in spec.writes})
    if isinstance(outcome, Mapping):
        outcome = Children.of(outcome)
    if not isinstance(outcome, Children):
        raise RecipeError(f"step {spec.name!r} gave back no children", got=shorten(outcome))
    for fields in outcome.fields:
        added = _added(spec, parent, fields)
        if isinstance(added, Failed):
            return added
    return [
        Record(
            id=hex_id(parent.id, spec.name, number),
            ordinal=(*parent.ordinal, number),
            fields={**parent.fields, **fields},
            parents=(*parent.parents, parent.id),
            sources=parent.sources,
        )
        for number, fields in enumerate(outcome.fields, start=1)
    ]


def reject(root: Root, record: Record, at: int, spec: Spec, verdict: Reject) -> None:
    """Note a rejection. Raises ``RecipeError`` for a reason that the step does not declare."""
    if spec.reasons is not None and verdict.reason not in spec.reasons:
        raise RecipeError(
            f"step {spec.name!r} rejects for the reason {verdict.reason!r}, which it does not declare",
            got=f"reasons: {', '.join(spec.reasons) or 'none'}",
            next="add it to the step's `reasons`",
        )
    root.end(
        record,
        "rejected",
        step_place=at,
        step=spec.name,
        reason=verdict.reason,
        measured=verdict.measured,
        limit=verdict.limit,
        note=verdict.note,
    )


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
