"""What the journal says of a sample: what each row of the source took, step by step, and how long its replies took."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from tanemaki.engine.calls import spent_so_far
from tanemaki.engine.reading import closed_roots
from tanemaki.run.forecast import Took

MOST_ROWS = 256
"""Rows of the source that a forecast rests on, the first ones; more of them tell hardly more."""

_CALLS = (
    "SELECT c.root, c.path, c.step, c.place, c.sample, c.role, c.attempt, c.latency_s, c.at, s.prompt_tokens,"
    " s.completion_tokens, s.usd, c.send FROM calls c LEFT JOIN settled s ON s.send = c.send AND c.attempt > 0"
    " WHERE c.root BETWEEN 1 AND ? ORDER BY c.id"
)
_LOST = (
    "SELECT w.root, coalesce(s.prompt_tokens, w.worst_tokens), coalesce(s.completion_tokens, 0),"
    " coalesce(s.usd, w.worst_usd) FROM sends w LEFT JOIN settled s ON s.send = w.id"
    " WHERE w.root BETWEEN 1 AND ? AND w.id NOT IN (SELECT send FROM calls WHERE attempt > 0)"
)


@dataclass(slots=True)
class StepTook:
    """What the calls of one step took in the sample, in all."""

    step: str
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    latency_s: float = 0.0
    """Sum over the calls."""

    def per_call(self) -> tuple[float, float, float]:
        """Return tokens in, tokens out and seconds of an average call."""
        n = max(1, self.calls)
        return self.prompt_tokens / n, self.completion_tokens / n, self.latency_s / n


@dataclass(slots=True)
class Sample:
    """The first rows of a run that have ended, and what the whole folder was charged until now."""

    took: list[Took] = field(default_factory=list)
    n_closed: int = 0
    """Rows of the source that have ended; ``took`` may hold fewer."""
    n_accepted: int = 0
    steps: list[StepTook] = field(default_factory=list)
    latency_s: dict[str, float] = field(default_factory=dict)
    """Role → seconds that its replies took, in all."""
    busy_s: float = 0.0
    """Seconds in which some request was on its way."""
    row_s: float = 0.0
    """The same for a row alone, on average: no run is faster than one row."""
    n_lent: int = 0
    """Calls that were answered by replies of other runs."""
    charged: tuple[float, ...] = (0, 0, 0, 0)
    """What the folder was charged in all, in the order of the forecast's figures."""


def read_sample(db: sqlite3.Connection, plan: int, steps: Collection[str]) -> Sample:
    """Return what the first rows of a plan took. ``steps`` are those of the recipe: calls of others are of the past.

    Cost: one pass over the calls of at most 256 rows, one over the closures of the plan.
    """
    sample = Sample(charged=charged(db), steps=[StepTook(step) for step in steps])
    ended: dict[int, int] = {}
    for root, accepted, _, _, _ in closed_roots(db, plan):
        sample.n_closed += 1
        sample.n_accepted += accepted
        if len(ended) < MOST_ROWS:
            ended[root] = accepted
    last = max(ended, default=0)
    amounts = {root: [0.0, 0.0, 0.0, 0.0] for root in ended}
    named = {step.step: step for step in sample.steps}
    spans: dict[int, list[tuple[float, float]]] = {}
    for root, _, step, _, _, role, attempt, latency, at, *spent, _ in _newest(db.execute(_CALLS, (last,))):
        if root not in ended or step not in named:
            continue
        if not attempt:
            sample.n_lent += 1
            continue
        _add(amounts[root], spent)
        took = named[step]
        took.calls += 1
        took.prompt_tokens += spent[0] or 0
        took.completion_tokens += spent[1] or 0
        took.latency_s += latency
        sample.latency_s[role] = sample.latency_s.get(role, 0.0) + latency
        spans.setdefault(root, []).append((at - latency, at))
    for root, *spent in db.execute(_LOST, (last,)):
        if root in ended:
            _add(amounts[root], spent)
    sample.took = [Took(accepted, tuple(amounts[root])) for root, accepted in ended.items()]
    sample.busy_s = _covered(span for one in spans.values() for span in one)
    sample.row_s = sum(map(_covered, spans.values())) / len(spans) if spans else 0.0
    return sample


def charged(db: sqlite3.Connection) -> tuple[float, ...]:
    """Return what a run was charged until now, in the order of the forecast's figures."""
    spent = spent_so_far(db)
    completion = db.execute("SELECT coalesce(sum(completion_tokens), 0) FROM settled").fetchone()[0]
    return spent.requests, spent.tokens - completion, completion, spent.usd


def _newest(calls: Iterable[tuple[Any, ...]]) -> Iterable[tuple[Any, ...]]:
    """Return the newest reply of each place: what an edited prompt asked before is paid no more."""
    return {call[:5]: call for call in calls}.values()


def _add(amounts: list[float], spent: Iterable[float | None]) -> None:
    """Add one request with its tokens and its money."""
    for place, value in enumerate((1.0, *spent)):
        amounts[place] += value or 0.0


def _covered(spans: Iterable[tuple[float, float]]) -> float:
    """Return the length of the spans together, where they overlap only once; a clock that was set back adds nothing.

    >>> _covered([(0.0, 2.0), (1.0, 3.0), (5.0, 6.0)])
    4.0
    """
    total, end = 0.0, float("-inf")
    for start, stop in sorted(spans):
        total += max(0.0, stop - max(start, end))
        end = max(end, stop)
    return total
