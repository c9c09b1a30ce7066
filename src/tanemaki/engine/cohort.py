"""What requests that set out at about the same load tell of a server: how many it works on at once.

A request that finds n requests in flight, itself included, at a server with c slots takes on average ``m * max(1, n / c)``
when m is the time of one alone: nothing as long as a slot is free, then its turn. That holds from the first request on,
whatever the replies' lengths, so it is read off mean latencies at different n (:func:`knee`), and no idle server and no
fixed reply length is needed for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

STEP = 0.06
"""Between two knees that are tried, as a logarithm."""
FADE = 0.8
"""Weight of a cohort to that of the next younger one."""
AS_GOOD = 1.0
"""Misfit by which a knee at the least load may be worse than the best one and still be taken: half a standard deviation."""
ENOUGH = 8
"""Replies from which on a spread is worth looking at."""


@dataclass(slots=True, eq=False)
class Cohort:
    """Requests that were sent at about the same number in flight. Times are in seconds."""

    wanted: int
    """How many requests it is to hold."""
    n_sent: int = 0
    n_back: int = 0
    sum_n: int = 0
    """In flight at sending, over all."""
    most: int = 0
    """The greatest of these."""
    latency_s: float = 0.0
    squares: float = 0.0
    started_s: float = 0.0
    """Sum of the starting times of those on their way."""

    def send(self, n: int, now: float) -> None:
        """Take a request in: n are in flight with it."""
        self.n_sent += 1
        self.sum_n += n
        self.most = max(self.most, n)
        self.started_s += now

    def arrive(self, started: float, now: float) -> None:
        """Count a reply."""
        latency = now - started
        self.n_back += 1
        self.started_s -= started
        self.latency_s += latency
        self.squares += latency * latency

    def lose(self, n: int, started: float) -> None:
        """Forget a request that was refused, failed or cut off."""
        self.n_sent -= 1
        self.sum_n -= n
        self.started_s -= started

    @property
    def is_full(self) -> bool:
        """It holds as many as it was to."""
        return self.n_sent >= self.wanted

    @property
    def share_back(self) -> float:
        """Share of its requests that are answered, 0 to 1; of those wanted while it fills."""
        return self.n_back / max(self.n_sent, self.wanted, 1)

    @property
    def load(self) -> float:
        """Mean number in flight that its requests found."""
        return self.sum_n / self.n_sent

    def mean_s(self, now: float, memoryless: float) -> float:
        """Return the mean latency, those on their way counted with their ages and what is likely to come on top.

        Without them the quick ones, which come back first, would make every young cohort look fast. ``memoryless`` says
        what comes on top of an age: 0 nothing (all replies take equally long), 1 another mean (a reply's end is as near
        after a long wait as after a short one). One that hangs counts a few means at most.
        """
        on_the_way = self.n_sent - self.n_back
        ages = min(on_the_way * now - self.started_s, 4 * on_the_way * self.latency_s / self.n_back)
        seen = self.latency_s + ages
        return (seen + memoryless * on_the_way * seen / self.n_back) / self.n_sent

    @property
    def scatter(self) -> float:
        """Sum of the squared differences of its latencies from their mean."""
        return max(0.0, self.squares - self.latency_s * self.latency_s / self.n_back)

    @property
    def spread(self) -> float:
        """Squared coefficient of variation of its latencies."""
        mean = self.latency_s / self.n_back
        return self.scatter / self.n_back / (mean * mean) if mean > 0 else 0.0

    @property
    def likely_spread(self) -> float:
        """The spread with a few replies of a usual one added: a few may agree by luck."""
        return (self.spread * self.n_back + ENOUGH / 2) / (self.n_back + ENOUGH)


class Knee(NamedTuple):
    """Where more requests in flight stop giving more replies."""

    n: float
    """Requests in flight."""
    evidence: float
    """How much better a knee at n explains the latencies than none at all: the difference in log-likelihood."""


def knee(cohorts: Sequence[Cohort], now: float, before: float | None = None) -> Knee:
    """Return the knee that explains the cohorts' mean latencies best, between their least and their greatest load.

    ``before`` is what it was taken to be; the cohorts are then in order of age, the oldest first and of least weight. Where
    latencies vary much and are few, they move it little. Where all of them may just as well lie above the knee, it is taken
    to be at the least load: the next look is then at a lower one.

    Cost: about 20 candidates times the cohorts, a few microseconds each; once per round trip.
    """
    points = _points(cohorts, now, fades=before is not None)
    low, high = min(point[0] for point in points), max(point[0] for point in points)
    likely = None if before is None else math.log(before)
    if likely is not None:
        low = min(low, likely)
    none, best = _misfit(points, high, None), _misfit(points, high, likely)
    found = high
    n_steps = max(1, math.ceil((high - low) / STEP))
    for i in range(1, n_steps + 1):
        at = high - (high - low) * i / n_steps
        misfit = _misfit(points, at, likely)
        if misfit < best - 1e-9:
            best, found = misfit, at
    if likely is not None and _misfit(points, low, likely) < best + AS_GOOD:
        found = low
    return Knee(math.exp(found), (none - best) / 2)


def _points(cohorts: Sequence[Cohort], now: float, *, fades: bool) -> list[tuple[float, float, float]]:
    """Return logarithm of load, logarithm of mean latency and weight of each cohort."""
    spread = max(cohort.likely_spread for cohort in cohorts)
    memoryless = max((cohort.spread for cohort in cohorts if cohort.n_back >= ENOUGH), default=0.5)
    points = []
    weight = 1.0 / spread
    for cohort in reversed(cohorts):
        mean = max(cohort.mean_s(now, min(1.0, memoryless)), 1e-9)
        points.append((math.log(cohort.load), math.log(mean), cohort.n_back * weight))
        weight *= FADE if fades else 1.0
    return points


def _misfit(points: Sequence[tuple[float, float, float]], at: float, likely: float | None) -> float:
    """Return how badly a knee explains the points: squared standard deviations, over all."""
    total = weighted = squares = 0.0
    for load, time, weight in points:
        rest = time - load + at if load > at else time
        total += weight
        weighted += weight * rest
        squares += weight * rest * rest
    misfit = squares - weighted * weighted / total
    return misfit if likely is None else misfit + 4 * (at - likely) ** 2
