"""What requests that set out at about the same load tell of a server: how many it works on at once.

A request that finds n requests in flight, itself included, at a server with c slots takes on average ``m * max(1, n / c)``
when m is the time of one alone: nothing as long as a slot is free, then its turn. That holds from the first request on,
whatever the replies' lengths, so it is read off mean latencies at different n (:func:`knee`), and no idle server and no
fixed reply length is needed for it.

A plain mean is a poor witness: one long reply in ten carries a third of it. Waiting for a slot comes on top of short
and long replies alike, and shows many times clearer in the quicker half. So a cohort's mean latency is taken to be that
of its own quicker half, and on top what the slower halves of all cohorts take longer; what it says of its own slower half
counts as far as it is known well.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

STEP = 0.06
"""Between two knees that are tried, as a logarithm."""
FADE = 0.8
"""Weight of a cohort to that of the next younger one."""
FARTHER = 0.4
"""How far below the least load a knee is tried too, as a logarithm: all loads may lie above it."""
CLOSER = 1.5
"""The top load over the knee whose evidence is weighed: what the limit is to be above the knee."""
PULL = 1.0
"""Misfit of a knee that is off what it was taken to be by a factor of e."""
QUICK = 0.5
"""Share of a cohort whose mean is looked at: of less there is little to see, more takes longer to come back."""
WELL = 0.07
"""Relative error at which half of what a cohort's own slower replies say is believed."""
ENOUGH = 8
"""Replies from which on a spread is worth looking at; so many of a usual one are added: a few may agree by luck."""
USUAL = 0.125
"""Squared error of the quicker half's mean over the whole's, for one request: that of log-normal replies at sigma 1."""


@dataclass(slots=True, eq=False)
class Cohort:
    """Requests that were sent at about the same number in flight. Times are in seconds."""

    wanted: int
    """How many requests it is to hold."""
    above: int = 0
    """It takes requests that find more than these in flight."""
    n_sent: int = 0
    sum_n: int = 0
    """In flight at sending, over all."""
    most: int = 0
    """The greatest of these."""
    latencies: list[float] = field(default_factory=list)
    latency_s: float = 0.0
    squares: float = 0.0
    started_s: float = 0.0
    """Sum of the starting times of those on their way."""
    last_s: float = 0.0
    """When the last one was sent."""

    def send(self, n: int, now: float) -> None:
        """Take a request in: n are in flight with it."""
        self.n_sent += 1
        self.sum_n += n
        self.most = max(self.most, n)
        self.started_s += now
        self.last_s = now

    def arrive(self, started: float, now: float) -> None:
        """Count a reply."""
        latency = now - started
        self.latencies.append(latency)
        self.started_s -= started
        self.latency_s += latency
        self.squares += latency * latency

    def lose(self, n: int, started: float) -> None:
        """Forget a request that was refused, failed or cut off."""
        self.n_sent -= 1
        self.sum_n -= n
        self.started_s -= started

    @property
    def n_back(self) -> int:
        """How many are answered."""
        return len(self.latencies)

    @property
    def is_full(self) -> bool:
        """It holds as many as it was to."""
        return self.n_sent >= self.wanted

    @property
    def n_quick(self) -> int:
        """How many make its quicker half."""
        return math.ceil(QUICK * self.n_sent)

    def is_told(self, now: float) -> bool:
        """Say whether the quicker half is back, and nobody on the way can belong to it any more."""
        if not 0 < self.n_quick <= self.n_back:
            return False
        self.latencies.sort()
        return now - self.last_s >= self.latencies[self.n_quick - 1]

    def quick(self) -> tuple[float, float]:
        """Return the mean latency of the quicker half, and its squared error for one request: over n requests, an n-th."""
        self.latencies.sort()
        half = self.latencies[: self.n_quick]
        share = self.n_quick / self.n_sent
        capped = share * sum(half) / self.n_quick + (1 - share) * half[-1]
        squares = (
            sum((one - capped) ** 2 for one in half) / self.n_sent + (1 - share) * (half[-1] - capped) ** 2
        )
        return sum(half) / self.n_quick, squares / (share * share)

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


class Knee(NamedTuple):
    """Where more requests in flight stop giving more replies."""

    n: float
    """Requests in flight."""
    evidence: float
    """How much better a knee somewhat below the top load explains the latencies than none: difference in log-likelihood."""


def knee(cohorts: Sequence[Cohort], now: float, before: float | None = None) -> Knee:
    """Return the knee that explains the cohorts' mean latencies, a little below their least load or up to their greatest.

    It is the mean of all that are tried, weighted with how well they explain. ``before`` is what it was taken to be; the
    cohorts are then in order of age, the oldest first and of least weight.

    Cost: about 20 candidates times the cohorts, a few microseconds each, and a pass over the replies; once per round trip.
    """
    points = _points(cohorts, now, fades=before is not None)
    low, high = min(point[0] for point in points), max(point[0] for point in points)
    likely = None if before is None else math.log(before)
    if likely is not None:
        low = min(low, likely) - FARTHER
    n_steps = max(1, math.ceil((high - low) / STEP))
    tried = [high - (high - low) * i / n_steps for i in range(n_steps + 1)]
    misfits = [_misfit(points, at, likely) for at in tried]
    best = min(misfits)
    shares = [math.exp((best - misfit) / 2) for misfit in misfits]
    found = sum(at * share for at, share in zip(tried, shares, strict=True)) / sum(shares)
    evidence = (_misfit(points, high, None) - _misfit(points, high - math.log(CLOSER), None)) / 2
    return Knee(math.exp(found), evidence)


def _points(cohorts: Sequence[Cohort], now: float, *, fades: bool) -> list[tuple[float, float, float]]:
    """Return logarithm of load, logarithm of mean latency and weight of each cohort."""
    memoryless = max((cohort.spread for cohort in cohorts if cohort.n_back >= ENOUGH), default=0.5)
    quick = [cohort.quick() for cohort in cohorts]
    means = [cohort.mean_s(now, min(1.0, memoryless)) for cohort in cohorts]
    slower = [max(0.0, mean - time) for mean, (time, _) in zip(means, quick, strict=True)]
    ages = range(len(cohorts))[::-1] if fades else [0] * len(cohorts)
    weights = [cohort.n_sent * FADE**age for cohort, age in zip(cohorts, ages, strict=True)]
    usual = sum(map(operator.mul, slower, weights)) / sum(weights)
    quicker = sum(time * weight for (time, _), weight in zip(quick, weights, strict=True)) / sum(weights)
    whole = max(1e-9, quicker + usual)
    error = max(
        (square * cohort.n_sent + ENOUGH * USUAL * whole * whole) / (cohort.n_sent + ENOUGH)
        for cohort, (_, square) in zip(cohorts, quick, strict=True)
    )
    points = []
    for cohort, (time, _), own, weight in zip(cohorts, quick, slower, weights, strict=True):
        doubt = cohort.spread / cohort.n_back * ((time + own) / (WELL * whole)) ** 2
        mean = max(1e-9, time + usual + (own - usual) / (1 + doubt))
        points.append((math.log(cohort.load), math.log(mean), weight * mean * mean / error))
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
    return misfit if likely is None else misfit + PULL * (at - likely) ** 2
