"""Slots with a queue, and the books: what was asked, what was answered, and how often for the same row."""

from __future__ import annotations

import time
from asyncio import AbstractEventLoop, TimerHandle
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from benchmarks.server.draws import Behaviour

TICKS_PER_S = 10
"""The timeline's grain."""


@dataclass(slots=True, eq=False)
class Job:
    """One request on the desk."""

    row: bytes
    prompt_tokens: int
    n_words: int
    seconds: float
    done: Callable[[Job], None]
    timer: TimerHandle | None = None
    is_queued: bool = False
    is_ended: bool = False


@dataclass(slots=True)
class Seen:
    """How often a row was asked and answered."""

    asked: int = 0
    answered: int = 0


@dataclass(slots=True)
class Books:
    """Everything counted since the last reset."""

    requests: int = 0
    answered: int = 0
    aborted: int = 0
    """Given up by the client while a slot worked on it or it queued."""
    faults: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0
    peak_in_flight: int = 0
    peak_queue: int = 0
    connections: int = 0
    peak_connections: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    aborted_prompt_tokens: int = 0
    aborted_completion_tokens: int = 0
    first_at: float = 0.0
    last_at: float = 0.0
    died_at: float = 0.0
    rows: dict[bytes, Seen] = field(default_factory=dict)
    replies_by_tick: Counter[int] = field(default_factory=Counter)
    queue_by_tick: dict[int, int] = field(default_factory=dict)
    busy_by_tick: dict[int, float] = field(default_factory=dict)
    """Slot-seconds that were worked."""

    def note_busy(self, n_slots: int, since: float, until: float) -> None:
        """Add the work of so many slots, tick by tick."""
        at = since
        while at < until:
            tick = int(at * TICKS_PER_S)
            end = min(until, (tick + 1) / TICKS_PER_S)
            if end <= at:  # a tick's end that rounding put before it
                end = until
            self.busy_by_tick[tick] = self.busy_by_tick.get(tick, 0.0) + n_slots * (end - at)
            at = end

    def to_json(self) -> dict[str, Any]:
        """Return the figures; timelines are lists from the first request on."""
        rows = self.rows.values()
        first = int(self.first_at * TICKS_PER_S)
        n_ticks = max([*self.replies_by_tick, *self.queue_by_tick, *self.busy_by_tick, first - 1]) - first + 1
        told = {
            name: getattr(self, name)
            for name in (entry.name for entry in fields(Books))
            if name not in ("rows", "faults") and not name.endswith("_by_tick")
        }
        return {
            **told,
            "span_s": round(max(0.0, self.last_at - self.first_at), 4),
            "faults": dict(self.faults),
            "rows": len(rows),
            "rows_answered": sum(1 for row in rows if row.answered),
            "answered_twice": sum(row.answered - 1 for row in rows if row.answered > 1),
            "asked_again": sum(row.asked - 1 for row in rows),
            "most_attempts": max((row.asked for row in rows), default=0),
            "replies_by_tick": [self.replies_by_tick.get(first + i, 0) for i in range(n_ticks)],
            "queue_by_tick": [self.queue_by_tick.get(first + i, 0) for i in range(n_ticks)],
            "busy_by_tick": [round(self.busy_by_tick.get(first + i, 0.0), 4) for i in range(n_ticks)],
        }


class Desk:
    """Gives each request a slot for as long as its reply takes."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: deque[Job] = deque()
        self._n_queued = 0
        self._busy = 0
        self._busy_since = 0.0
        self.behaviour = Behaviour()
        self.books = Books()

    def reset(self) -> None:
        """Begin new books; what is in flight stays in flight."""
        old = self.books
        self.books = Books(in_flight=old.in_flight, connections=old.connections)

    def told(self) -> dict[str, Any]:
        """Return the figures up to now."""
        self._set_busy(self._busy)
        return self.books.to_json()

    def arrive(self, row: bytes) -> int:
        """Note a request; return how often its row was asked before."""
        books = self.books
        now = time.monotonic()
        if not books.requests:
            books.first_at = now
        books.requests += 1
        books.in_flight += 1
        books.peak_in_flight = max(books.peak_in_flight, books.in_flight)
        seen = books.rows.get(row)
        if seen is None:
            seen = books.rows[row] = Seen()
        seen.asked += 1
        return seen.asked - 1

    def leave(self) -> None:
        """Note that a request has its answer, or that nobody waits for it any more."""
        self.books.in_flight -= 1
        self.books.last_at = time.monotonic()

    @property
    def is_full(self) -> bool:
        """Every slot is taken."""
        return 0 < self.behaviour.slots <= self._busy

    def admit(self, job: Job) -> None:
        """Give the job a slot, or a place in the queue."""
        if not self.is_full:
            self._begin(job)
            return
        job.is_queued = True
        self._queue.append(job)
        self._n_queued += 1
        books = self.books
        books.peak_queue = max(books.peak_queue, self._n_queued)
        tick = int(time.monotonic() * TICKS_PER_S)
        if self._n_queued > books.queue_by_tick.get(tick, 0):
            books.queue_by_tick[tick] = self._n_queued

    def _begin(self, job: Job) -> None:
        self._set_busy(self._busy + 1)
        if job.seconds > 0:
            job.timer = self._loop.call_later(job.seconds, self._finish, job)
        else:
            self._finish(job)

    def _set_busy(self, n: int) -> None:
        now = time.monotonic()
        if self._busy:
            self.books.note_busy(self._busy, max(self._busy_since, self.books.first_at), now)
        self._busy, self._busy_since = n, now

    def _finish(self, job: Job) -> None:
        job.timer = None
        self._free(job)
        self.leave()
        job.done(job)

    def _free(self, job: Job) -> None:
        job.is_ended = True
        self._set_busy(self._busy - 1)
        while self._queue and not self.is_full:
            waiting = self._queue.popleft()
            if waiting.is_ended:
                continue
            waiting.is_queued = False
            self._n_queued -= 1
            self._begin(waiting)

    def pay(self, job: Job) -> None:
        """Note a whole reply that was sent."""
        books = self.books
        books.answered += 1
        books.rows[job.row].answered += 1
        books.prompt_tokens += job.prompt_tokens
        books.completion_tokens += job.n_words
        books.replies_by_tick[int(time.monotonic() * TICKS_PER_S)] += 1

    def abort(self, job: Job) -> None:
        """Note that the client is gone. Its tokens are counted apart: hosted services may bill them in full."""
        if job.is_ended:
            return
        books = self.books
        books.aborted += 1
        books.aborted_prompt_tokens += job.prompt_tokens
        books.aborted_completion_tokens += job.n_words
        if job.timer is not None:
            job.timer.cancel()
            self._free(job)
        elif job.is_queued:
            job.is_ended = True
            self._n_queued -= 1
        self.leave()
