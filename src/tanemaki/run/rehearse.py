"""Takes one record through a recipe without any model: for the preview of a run, and for a recipe's golden rows.

Texts, draws and requests are exactly those of a run. Where a reply would be needed, the rehearsal uses one that was written
down before; where there is none, the steps that wait for it are left.
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
from tanemaki.core.record import Record
from tanemaki.core.step import Outcome, Spec, call_each
from tanemaki.core.verdict import Reject
from tanemaki.engine.bound import Bound
from tanemaki.engine.call import Call
from tanemaki.engine.calls import Caller, Known, KnownKey
from tanemaki.engine.context import RecordContext, Setting
from tanemaki.engine.root import Root
from tanemaki.models.scripted import Scripted
from tanemaki.recipes import catalogue
from tanemaki.recipes.golden import Golden, golden

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
    unused: int = 0
    """Replies that nobody asked for."""


class _Prompter(Caller):
    """Answers from a list, and keeps every request."""

    def __init__(self, roles: Mapping[str, Bound], replies: Sequence[Reply]) -> None:
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
    replies: Sequence[Reply] = (),
    bounds: Sequence[Bound] = (),
) -> End:
    """Return how far the record comes with these replies, used in order. Steps that look at other records are left.

    Works inside a running event loop (a notebook), too.
    """
    named = {bound.role: bound for bound in bounds}
    roles = {role: named.get(role) or Bound(role, Scripted([])) for role in recipe.roles}
    return _finish(_walk(recipe, texts, record, seed, _Prompter(roles, replies)))


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
        if is_structural(spec) or not plan.waits[place] <= done:
            end.left = (*end.left, spec.name)
            continue
        context = RecordContext(setting, spec, place, end.record, Root(record.ordinal[0], record))
        try:
            outcome = await _outcome(spec, end.record, context)
        except Unanswered:
            end.left = (*end.left, spec.name)
            continue
        if isinstance(outcome, Reject):
            end.reject, end.step = outcome, spec.name
            break
        end.record = outcome
        done.add(place)
    end.unused = len(prompter.left)
    return end


async def _outcome(spec: Spec, record: Record, context: RecordContext) -> Record | Reject:
    found = call_each(spec, record, context)
    outcome: Outcome = await found if inspect.isawaitable(found) else found
    if isinstance(outcome, Mapping):
        return record.with_fields(**outcome)
    assert isinstance(outcome, Record | Reject)  # noqa: S101 - steps that make several of one are left before
    return outcome


def check_golden(folder: Path) -> list[str]:
    """Return one sentence for every row of a recipe's golden file that does not end as it says; none if all do.

    A recipe's test is ``assert check_golden(folder) == []``.
    """
    told = []
    for row in golden(folder):
        loaded = catalogue.load(str(folder), row.language, row.options)
        end = rehearse_golden(loaded.recipe, loaded.texts, row)
        wrong = _difference(row, end)
        if wrong:
            told.append(f"{row.name}: {wrong}")
    return told


def rehearse_golden(recipe: Recipe, texts: Texts, row: Golden) -> End:
    """Take a golden row through its recipe."""
    return rehearse(recipe, texts, row.record, seed=0, replies=row.replies)


def _difference(row: Golden, end: End) -> str | None:
    if end.left:
        return f"step {end.left[0]!r} needs more replies than the row has"
    if row.rejected is not None:
        wanted = (row.rejected["step"], row.rejected["reason"])
        got = (end.step, end.reject.reason) if end.reject else None
        return None if got == wanted else f"expected {wanted}, got {got or 'an accepted record'}"
    if end.reject is not None:
        return f"rejected by {end.step!r}: {shorten(end.reject)}"
    if end.unused:
        return f"{end.unused} replies were not asked for"
    wanted_fields, fields = row.expected or {}, end.record.fields
    for name in dict.fromkeys([*wanted_fields, *fields]):
        if wanted_fields.get(name) != fields.get(name):
            return f"field {name!r} is {shorten(fields.get(name))}"
    return None
