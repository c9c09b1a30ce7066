"""Servers with slots and a queue before them, in simulated time: one for a bare ``Pace``, one as a model for a whole run."""

from __future__ import annotations

import asyncio
import heapq
import math
from collections import deque
from collections.abc import Callable
from itertools import count, pairwise
from typing import NamedTuple

from tanemaki.core.errors import ModelError
from tanemaki.core.model import Reply, Request
from tanemaki.core.seeding import Draw
from tanemaki.engine.cohort import Cohort
from tanemaki.engine.pace import Pace
from tanemaki.models.scripted import Scripted

OverTime = Callable[[float], float]


def normal(draw: Draw) -> float:
    """Return a draw of the standard normal distribution."""
    radius = math.sqrt(-2 * math.log(max(draw.uniform(), 1e-12)))
    return radius * math.cos(2 * math.pi * draw.uniform())


class _Sent(NamedTuple):
    cohort: Cohort | None
    n: int
    started: float


class Queueing:
    """A server with slots that a pace keeps busy. A reply takes a median of 1 s; ``sigma`` spreads its logarithm.

    ``refuses``: one more than its slots is answered with a refusal, after 5 ms, instead of queueing. ``demand`` is the most
    that there is to send at once.
    """

    def __init__(
        self,
        pace: Pace,
        slots: float | OverTime,
        *,
        sigma: float = 0.0,
        seed: int = 0,
        refuses: bool = False,
        median_s: OverTime = lambda _: 1.0,
        demand: OverTime = lambda _: math.inf,
    ) -> None:
        self.pace = pace
        self._slots: OverTime = slots if callable(slots) else lambda _: slots
        self._sigma = sigma
        self._draw = Draw("slots", seed)
        self._refuses = refuses
        self._median_s = median_s
        self._demand = demand
        self.now = 0.0
        self.in_flight = 0
        self.n_refused = 0
        self.replies: list[float] = []
        """When each came."""
        self.limits: list[tuple[float, int]] = []
        """The limit at each event."""
        self.loads: list[tuple[float, int]] = []
        """Requests in flight after each event."""
        self._busy = 0
        self._queue: deque[_Sent] = deque()
        self._events: list[tuple[float, int, bool, _Sent]] = []
        self._number = count()

    def run(self, until: float) -> None:
        """Let time pass."""
        self._fill()
        while self._events and self._events[0][0] < until:
            self.now, _, was_answered, sent = heapq.heappop(self._events)
            self.in_flight -= 1
            if was_answered:
                self._busy -= 1
                self._start()
                self.replies.append(self.now)
                self.pace.arrived(sent.cohort, sent.started, self.now)
            else:
                self.n_refused += 1
                if sent.cohort is not None:
                    sent.cohort.lose(sent.n, sent.started)
                self.pace.refused(sent.n, sent.started, self.now)
            self.limits.append((self.now, self.pace.limit))
            self._fill()
            self.loads.append((self.now, self.in_flight))
        self.now = until

    def rate(self, start: float, end: float) -> float:
        """Return replies a second between two times."""
        return sum(start <= at < end for at in self.replies) / (end - start)

    def limits_between(self, start: float, end: float) -> list[int]:
        """Return the limits that stood between two times."""
        return [limit for at, limit in self.limits if start <= at < end]

    def worked(self, start: float, end: float, slots: int) -> float:
        """Return the share of slot time between two times in which a request was worked on."""
        seconds = sum(
            min(slots, load) * max(0.0, min(end, until) - max(start, at))
            for (at, load), (until, _) in pairwise([*self.loads, (end, 0)])
        )
        return seconds / (slots * (end - start))

    def most_queued(self, start: float, end: float, slots: int) -> int:
        """Return the longest queue between two times."""
        return max(load for at, load in self.loads if start <= at < end) - slots

    def _fill(self) -> None:
        while self.in_flight < min(self.pace.limit, self._demand(self.now)):
            self.in_flight += 1
            sent = _Sent(self.pace.sent(self.in_flight, self.now), self.in_flight, self.now)
            if self._refuses and self.in_flight > self._slots(self.now):
                heapq.heappush(self._events, (self.now + 0.005, next(self._number), False, sent))
            else:
                self._queue.append(sent)
                self._start()

    def _start(self) -> None:
        while self._queue and self._busy < self._slots(self.now):
            self._busy += 1
            takes = self._median_s(self.now) * math.exp(self._sigma * normal(self._draw))
            heapq.heappush(self._events, (self.now + takes, next(self._number), True, self._queue.popleft()))


class SlotModel(Scripted):
    """A model with slots and a queue, for a simulated loop. From ``dies_at`` on no connection comes about."""

    def __init__(self, name: str, slots: int, takes_s: float, dies_at: float = math.inf) -> None:
        self.n_replies = 0
        self.arrivals: list[float] = []
        self._free = asyncio.Semaphore(slots)
        self._takes_s = takes_s
        self.dies_at = dies_at

        async def answer(request: Request) -> Reply:
            loop = asyncio.get_running_loop()
            self._check(loop.time())
            async with self._free:
                await asyncio.sleep(self._takes_s)
            self._check(loop.time())
            self.n_replies += 1
            self.arrivals.append(loop.time())
            return Reply(f"{len(request.messages)}通目への返事です。", model="tane")

        super().__init__(answer, name=name)

    def _check(self, now: float) -> None:
        if now >= self.dies_at:
            raise ModelError("connection refused", fault="transport", retryable=True)
