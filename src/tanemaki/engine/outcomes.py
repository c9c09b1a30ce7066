"""What became of one step on one record: fields, children, a rejection, a failure, or an error that ends the run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import CoroutineType
from typing import Any, cast

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
from tanemaki.core.record import Children, Json, Origin, Record, child_id
from tanemaki.core.step import Outcome, Spec
from tanemaki.core.verdict import Reject
from tanemaki.engine.root import Root
from tanemaki.engine.stopping import Stopped
from tanemaki.engine.workers import WorkerDied, Workers

_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Failed:
    """A step could not do its work on a record: the record becomes a failed row."""

    fault: str
    message: str


def settle_pure(spec: Spec, call: Callable[[], object]) -> Outcome | Failed:
    """Return a pure step's outcome. A bad filter is a bug: what it raises passes and ends the run, but for ``DataError``."""
    try:
        outcome = call()
    except DataError as error:
        return Failed("DataError", _told(error))
    except SystemExit as error:
        raise left_by(spec) from error
    refuse_coroutines(spec, outcome)
    return cast("Outcome", outcome)


async def settle(spec: Spec, call: Callable[[], Outcome | Awaitable[Outcome]]) -> Outcome | Failed:
    """Return a step's outcome, a failure as :class:`Failed`.

    A bad row is data: a failed call or any exception of an asynchronous step fails the row. Of a pure step,
    :func:`settle_pure` says what counts.
    """
    if not spec.is_async:
        return settle_pure(spec, call)
    try:
        outcome = await cast("Awaitable[Outcome]", call())
    except SystemExit as error:
        raise left_by(spec) from error
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


async def settle_in_worker(workers: Workers, spec: Spec, at: int, record: Record) -> Outcome | Failed:
    """Return a heavy step's outcome from a worker process; what it raises there means what it means here."""
    try:
        return await workers.call(at, spec, record)
    except DataError as error:
        return Failed("DataError", _told(error))
    except WorkerDied as error:
        return Failed("worker_died", str(error))
    except SystemExit as error:
        raise left_by(spec) from error


def left_by(spec: Spec) -> RecipeError:
    """Return what a step's ``SystemExit`` is told as: it would end the run without a word, as if it were done."""
    return RecipeError(
        f"step {spec.name!r} tried to end the program",
        got="SystemExit, as sys.exit() raises it",
        next="raise another exception to end the run, or give back a Reject to refuse the record",
    )


def added_by(spec: Spec, seen: Record, outcome: object) -> Mapping[str, Json] | Failed:
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


def children_of(spec: Spec, parent: Record, outcome: object) -> list[Record] | Failed | None:
    """Return the children that a step made; None where it rejected or failed the record."""
    if isinstance(outcome, Reject | Failed):
        return None
    if isinstance(outcome, Record):
        outcome = Children.of({name: outcome[name] for name in spec.writes})
    if isinstance(outcome, Mapping):
        outcome = Children.of(outcome)
    if not isinstance(outcome, Children):
        raise RecipeError(f"step {spec.name!r} gave back no children", got=shorten(outcome))
    stated: Any = outcome.sources or ()  # a user's step may have said anything
    for origins in stated:
        if not isinstance(origins, tuple | list) or not all(isinstance(one, Origin) for one in origins):
            raise RecipeError(
                f"step {spec.name!r} says of a child where it came from, but not as a tuple of Origin",
                got=shorten(origins),
                next="Children(fields, sources=((Origin(…),), …)): one tuple per child",
            )
    for fields in outcome.fields:
        added = added_by(spec, parent, fields)
        if isinstance(added, Failed):
            return added
    return [
        Record(
            id=child_id(parent.id, spec.name, number),
            ordinal=(*parent.ordinal, number),
            fields={**parent.fields, **fields},
            parents=(*parent.parents, parent.id),
            sources=parent.sources if outcome.sources is None else tuple(outcome.sources[number - 1]),
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
