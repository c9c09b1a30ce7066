"""Takes records through a recipe without any model: one for the preview of a run, and those of a recipe's golden rows.

Texts, draws and requests are exactly those of a run. In a preview, steps that wait for a reply or for other records are
left; a golden row has all replies written down, and its records go through every step (:mod:`tanemaki.run.in_order`).
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tanemaki.core.errors import shorten
from tanemaki.core.model import Reply, Request
from tanemaki.core.plan import is_structural, plan_of
from tanemaki.core.prompt import Texts
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Record, show_ordinal
from tanemaki.core.step import Outcome, Spec, call_each
from tanemaki.core.verdict import Reject
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Call
from tanemaki.engine.calls import Caller, Known, KnownKey
from tanemaki.engine.context import RecordContext, Setting
from tanemaki.engine.outcomes import children_of
from tanemaki.engine.root import Root, Row
from tanemaki.models.scripted import Scripted
from tanemaki.recipes import catalogue
from tanemaki.recipes.golden import Golden, GoldenEnd, golden
from tanemaki.run.in_order import walk_in_order

T = TypeVar("T")


class Unanswered(Exception):
    """Raised in a step that asks for a reply which nobody wrote down."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as a run would send it."""

    step: str
    role: str
    request: Request


@dataclass(slots=True)
class End:
    """How far a record came."""

    record: Record
    asked: list[Asked] = field(default_factory=list)
    reject: Reject | None = None
    step: str | None = None
    """The step that rejected it."""
    left: tuple[str, ...] = ()
    """Steps that would need a reply, or other records."""
    n_children: int = 1
    """How many records steps that ask nobody make of it, passages of a text for example; the first of them goes on."""


class _Prompter(Caller):
    """Answers from a list, and keeps every request."""

    def __init__(self, roles: Mapping[str, Bound], replies: Sequence[Reply] = ()) -> None:
        self._roles = dict(roles)
        self.left = list(replies)
        self.asked: list[Asked] = []

    async def ask(self, call: Call, known: Mapping[KnownKey, Known]) -> Reply:  # noqa: ARG002 - nothing is known
        self.asked.append(Asked(call.address.step, call.bound.role, call.request))
        if not self.left:
            raise Unanswered
        return self.left.pop(0)


def rehearse(
    recipe: Recipe,
    texts: Texts,
    record: Record,
    *,
    seed: int,
    bounds: Sequence[Bound] = (),
) -> End:
    """Return how far the record comes without a reply.

    Steps that look at other records are left, but for draws of the first epoch, whose pool is empty. Of several children
    the first goes on, if the step that makes them asks nobody.
    Works inside a running event loop (a notebook), too.
    """
    named = {bound.role: bound for bound in bounds}
    roles = {role: named.get(role) or Bound(role, Scripted([])) for role in recipe.roles}
    return _finish(_walk(recipe, texts, record, seed, _Prompter(roles)))


def _finish(work: Coroutine[Any, Any, T]) -> T:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _walk(recipe: Recipe, texts: Texts, record: Record, seed: int, prompter: _Prompter) -> End:
    end = End(record, prompter.asked)
    setting = Setting(recipe.name, seed, texts, prompter)
    plan = plan_of(recipe.specs)
    done: set[int] = set()
    for place, spec in enumerate(plan.specs):
        looks_at_others = is_structural(spec) and not spec.fans_out
        draws_from_nothing = spec.kind == "draws" and record.ordinal[0] <= spec.epoch
        if (looks_at_others and not draws_from_nothing) or not plan.waits[place] <= done:
            end.left = (*end.left, spec.name)
            continue
        context = RecordContext(setting, spec, place, end.record, Root(record.ordinal[0], record))
        try:
            outcome = await _outcome(spec, end.record, context)
        except Unanswered:
            outcome = None
        if outcome is None:
            end.left = (*end.left, spec.name)
            continue
        if isinstance(outcome, Reject):
            end.reject, end.step = outcome, spec.name
            break
        if isinstance(outcome, list):
            end.n_children *= len(outcome)
            outcome = outcome[0]
        end.record = outcome
        done.add(place)
    return end


async def _outcome(
    spec: Spec, record: Record, context: RecordContext
) -> Record | list[Record] | Reject | None:
    """Return what becomes of the record, its children where it becomes several; None where they cannot be told."""
    found = spec.step(record, [], context) if spec.kind == "draws" else call_each(spec, record, context)
    outcome: Outcome = await found if inspect.isawaitable(found) else found
    if spec.fans_out and not isinstance(outcome, Reject):
        children = children_of(spec, record, outcome)
        return children if isinstance(children, list) and children else None
    if isinstance(outcome, Mapping):
        return record.with_fields(**outcome)
    assert isinstance(outcome, Record | Reject)  # noqa: S101 - the engine tells whoever wrote such a step
    return outcome


@dataclass(slots=True)
class Finished:
    """How the records of a golden row ended."""

    rows: list[Row]
    """Accepted and rejected, in the order of their ordinals; empty where a reply was lacking."""
    asked: list[Asked]
    unused: int = 0
    """Replies that nobody asked for."""
    lacking: str | None = None
    """The step that asked for a reply which is not there."""


def check_golden(folder: Path) -> list[str]:
    """Return one sentence for every row of a recipe's golden file that does not end as it says; none if all do.

    A recipe's test is ``assert check_golden(folder) == []``.
    """
    told = []
    for row in golden(folder):
        loaded = catalogue.load(str(folder), row.language, row.options)
        wrong = _difference(row, rehearse_golden(loaded.recipe, loaded.texts, row))
        if wrong:
            told.append(f"{row.name}: {wrong}")
    return told


def rehearse_golden(recipe: Recipe, texts: Texts, row: Golden) -> Finished:
    """Take the records of a golden row through their recipe, with all of its steps."""
    roles = {role: Bound(role, Scripted([])) for role in recipe.roles}
    prompter = _Prompter(roles, row.replies)
    done = Finished([], prompter.asked)
    try:
        done.rows = _finish(
            walk_in_order(Setting(recipe.name, 0, texts, prompter), recipe.specs, row.records)
        )
    except Unanswered:
        done.lacking = prompter.asked[-1].step
    done.unused = len(prompter.left)
    return done


def ends_alike(row: Golden, done: Finished) -> bool:
    """Say whether every record ends in the way that the row says: accepted, or rejected by that step for that reason."""
    return not done.unused and _told_ends(row) == [_end_of(one) for one in done.rows]


def _told_ends(row: Golden) -> list[tuple[str, str] | None]:
    return [
        (end.rejected["step"], end.rejected["reason"]) if end.rejected is not None else None
        for end in row.ends
    ]


def _end_of(row: Row) -> tuple[str, str] | None:
    return None if row.status == "accepted" else (row.step or "", row.reason or "")


def _difference(row: Golden, done: Finished) -> str | None:
    if done.lacking is not None:
        return f"step {done.lacking!r} needs more replies than the row has"
    if len(done.rows) != len(row.ends):
        return f"{len(done.rows)} records ended, not {len(row.ends)}"
    pairs = list(zip(row.ends, done.rows, strict=True))
    for differ in (_other_end, _other_fields):
        for wanted, end in pairs:
            wrong = differ(wanted, end)
            if wrong:
                return f"record {show_ordinal(end.record.ordinal)}: {wrong}" if row.has_rows else wrong
        if done.unused:
            return f"{done.unused} replies were not asked for"
    return None


def _other_end(wanted: GoldenEnd, end: Row) -> str | None:
    got = _end_of(end)
    if wanted.rejected is not None:
        told = (wanted.rejected["step"], wanted.rejected["reason"])
        return None if got == told else f"expected {told}, got {got or 'an accepted record'}"
    if got is not None:
        verdict = Reject(end.reason or "", end.measured, end.limit, end.note)
        return f"rejected by {end.step!r}: {shorten(verdict)}"
    return None


def _other_fields(wanted: GoldenEnd, end: Row) -> str | None:
    if wanted.expected is None:
        return None
    wanted_fields, fields = wanted.expected, end.record.fields
    for name in dict.fromkeys([*wanted_fields, *fields]):
        if name not in fields or name not in wanted_fields or wanted_fields[name] != fields[name]:
            return f"field {name!r} is {shorten(fields.get(name))}"
    return None
