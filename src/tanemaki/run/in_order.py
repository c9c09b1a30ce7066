"""Takes records through a recipe one after the other, in the order in which a person would write the replies down.

What comes out is what the engine gives for the same replies, whatever it does side by side: a record goes through its steps
as they are listed, each child with all of its own before the next one, then their group step; an ordered step has seen the
records of lower ordinal, a draw the pool of the epochs before, a set step everything that arrived. What only a run can do
(failures, limits, retries) is not done here: an error of a step passes.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tanemaki.core.errors import DataError, RecipeError, shorten
from tanemaki.core.plan import plan_of
from tanemaki.core.record import Json, Record
from tanemaki.core.step import Outcome, Spec, call_each
from tanemaki.core.verdict import Reject
from tanemaki.engine.context import RecordContext, Setting
from tanemaki.engine.outcomes import Failed, added_by, children_of, reject
from tanemaki.engine.root import Root, Row


async def walk_in_order(setting: Setting, specs: Sequence[Spec], records: Sequence[Record]) -> list[Row]:
    """Return how every record and every child ended, accepted or rejected, in the order of their ordinals.

    Raises what a step raises; ``DataError`` where a step's fields are not of their types.
    """
    return await _Walk(setting, specs).all(records)


class _Walk:
    def __init__(self, setting: Setting, specs: Sequence[Spec]) -> None:
        self._setting = setting
        self._plan = plan_of(specs)
        self._states: dict[int, Any] = {}
        """Of the ordered steps, by place."""
        self._pools: dict[str, list[tuple[int, Mapping[str, Json]]]] = {}
        """By step: the root and what is kept of each record that passed."""

    async def all(self, records: Sequence[Record]) -> list[Row]:
        specs = self._plan.specs
        roots = {record.ordinal[0]: Root(record.ordinal[0], record) for record in records}
        waiting = sorted(records, key=lambda record: record.ordinal)
        sets = [place for place, spec in enumerate(specs) if spec.kind == "set"]
        for start, stop in zip([0, *(place + 1 for place in sets)], [*sets, len(specs)], strict=True):
            if start:
                waiting = self._decide_set(start - 1, waiting, roots)
            arrived: list[Record] = []
            for record in waiting:
                arrived += await self._walk(roots[record.ordinal[0]], record, start, stop)
            waiting = arrived
        for record in waiting:
            roots[record.ordinal[0]].end(record, "accepted", step_place=len(specs))
        rows = [row for root in roots.values() for row in root.rows if row.status in ("accepted", "rejected")]
        return sorted(rows, key=lambda row: row.record.ordinal)

    async def _walk(self, root: Root, record: Record, at: int, stop: int) -> list[Record]:
        """Take a record from step ``at`` to before step ``stop``; return what arrives there."""
        while at < stop:
            spec = self._plan.specs[at]
            outcome = await self._outcome(root, record, at)
            if spec.fans_out and not isinstance(outcome, Reject):
                children = children_of(spec, record, outcome)
                if not isinstance(children, list):
                    raise _unfit(spec, children)
                group = self._plan.groups.get(at)
                arrived: list[Record] = []
                for child in children:
                    arrived += await self._walk(root, child, at + 1, stop if group is None else group)
                if group is None:
                    if not children:
                        nothing = Reject("no_children", 0, 1)
                        root.end(record, "rejected", step_place=at, step=spec.name, **asdict(nothing))
                    return arrived
                at, spec = group, self._plan.specs[group]
                outcome = await _awaited(spec.step(record, arrived, self._context(root, record, at)))
            if isinstance(outcome, Reject):
                reject(root, record, at, spec, outcome)
                return []
            added = added_by(spec, record, outcome)
            if isinstance(added, Failed):
                raise _unfit(spec, added)
            record = record.with_fields(**added) if added else record
            at += 1
        return [record]

    async def _outcome(self, root: Root, record: Record, at: int) -> Outcome:
        spec = self._plan.specs[at]
        context = self._context(root, record, at)
        if spec.kind == "ordered":
            return self._decide(root, record, at)
        if spec.kind == "draws":
            first = root.number - 1
            epoch_begins = first - first % spec.epoch + 1
            pool = self._pools.get(spec.pool or "", [])
            entries = [entry for number, entry in pool if number < epoch_begins]
            return await _awaited(spec.step(record, entries, context))
        return await _awaited(call_each(spec, record, context))

    def _decide(self, root: Root, record: Record, at: int) -> Record | Reject:
        spec = self._plan.specs[at]
        if at not in self._states:
            self._states[at] = spec.step.start(self._context(None, Record("", (0,), {}), at))
        verdict: Record | Reject = spec.step.decide(self._states[at], record)
        keeps = getattr(spec.step, "keeps", ())
        if keeps and not isinstance(verdict, Reject):
            kept = {name: verdict[name] for name in keeps}
            self._pools.setdefault(spec.name, []).append((root.number, kept))
        return verdict

    def _decide_set(self, at: int, records: list[Record], roots: Mapping[int, Root]) -> list[Record]:
        spec = self._plan.specs[at]
        context = self._context(None, Record("", (0,), {}), at)
        verdicts = dict(spec.step.decide(records, context))
        kept = []
        for record in records:
            verdict = verdicts.get(record.id)
            if isinstance(verdict, Reject):
                reject(roots[record.ordinal[0]], record, at, spec, verdict)
            else:
                kept.append(record.with_fields(**verdict) if verdict else record)
        return kept

    def _context(self, root: Root | None, record: Record, at: int) -> RecordContext:
        return RecordContext(self._setting, self._plan.specs[at], at, record, root)


async def _awaited(outcome: Outcome | Awaitable[Outcome]) -> Outcome:
    return await outcome if inspect.isawaitable(outcome) else outcome


def _unfit(spec: Spec, outcome: object) -> Exception:
    if isinstance(outcome, Failed):
        return DataError(outcome.message, where=f"step {spec.name!r}")
    return RecipeError(f"step {spec.name!r} gave back no children", got=shorten(outcome))
