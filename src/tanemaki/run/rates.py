"""How fast a run is now, and when it will be there: rates over a short time past, not over the whole run.

A rate is taken over the last 15 seconds, and over as much more as five rows need: so it follows a server that gets faster
and says something of a model that takes a minute for a row. What is left is told by a longer time, which jumps less.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

from tanemaki.engine.stats import Stats

SAMPLE_EVERY_S = 0.5
MOST_SAMPLES = 1800
"""A quarter of an hour."""
_NOW = (15.0, 5)
"""Seconds and accepted rows over which the present rate is taken, at least."""
_AHEAD = (60.0, 20)
"""The same for the time to go."""


class Counts(NamedTuple):
    """What is counted, at one time; as rates the same per second."""

    rows: float
    """Accepted."""
    roots: float
    """Rows of the source that ended, however they did."""
    requests: float
    prompt_tokens: float
    completion_tokens: float

    @classmethod
    def of(cls, stats: Stats) -> Counts:
        """Return the counts as they are now."""
        return cls(stats.accepted, stats.n_in, stats.n_sent, stats.prompt_tokens, stats.completion_tokens)


class Rates:
    """Keeps counts of the past and makes rates of them.

    >>> clock = iter([0.0, 10.0, 20.0])
    >>> rates = Rates(lambda: next(clock))
    >>> for n in (100, 200, 220):
    ...     rates.take(Counts(n, n, n, 0, 0))
    >>> rates.per_second().rows
    6.0
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._past: deque[tuple[float, Counts]] = deque(maxlen=MOST_SAMPLES)

    def take(self, counts: Counts) -> None:
        """Note what is counted now. A second call within half a second is passed over.

        Counts that fall are another run's (a judge's trial ended, and what it was for began): the past is forgotten.
        """
        at = self._now()
        if self._past and any(now < before for now, before in zip(counts, self._past[-1][1], strict=True)):
            self._past.clear()
        if not self._past or at - self._past[-1][0] >= SAMPLE_EVERY_S:
            self._past.append((at, counts))

    def per_second(self) -> Counts | None:
        """Return the present rates; None while nothing can be said."""
        return self._over(*_NOW)

    def seconds_to_go(self, left: float, of: str) -> float | None:
        """Return how long ``left`` more of a count (its name in :class:`Counts`) will take, in seconds."""
        rates = self._over(*_AHEAD)
        rate: float = getattr(rates, of) if rates is not None else 0.0
        return left / rate if rate > 0 else None

    def _over(self, least_s: float, least_rows: int) -> Counts | None:
        if len(self._past) < 2:  # noqa: PLR2004 - a rate needs two points
            return None
        at, now = self._past[-1]
        since, before = next(
            (
                (then, counts)
                for then, counts in islice(reversed(self._past), 1, None)
                if at - then >= least_s and now.rows - counts.rows >= least_rows
            ),
            self._past[0],
        )
        return Counts(*((b - a) / (at - since) for a, b in zip(before, now, strict=True)))
