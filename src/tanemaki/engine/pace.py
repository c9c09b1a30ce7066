"""How many requests one endpoint may have in flight, found by measuring (promise 8).

A server that queues never refuses, so refusals alone say nothing; and reply lengths vary, so one latency says little. What
is sought is the *knee*: the number in flight from which on more requests wait instead of being worked on, so that latency
rises and throughput does not (:mod:`tanemaki.engine.cohort`). The limit is held above it, so that a slot that gets free
always finds a request.

``climb``  from the start the limit doubles, about once per round trip, as long as a knee below it is clearly unlikely; else
           it is halved for a look, and doubled again or left to ``hold``, as is likelier then
``hold``   it goes up to ``ABOVE`` times the knee and down to ``BELOW`` of that, in turn: the two loads are measured
           against each other for good, so that a server that gets slower or faster, or has other slots, is followed; where
           no knee is left between them, it climbs again

Only what was sent near the limit counts: where there is too little work to reach it, nothing is learnt. Refusals (429, 503,
529, other 5xx, time-outs) cut the limit once per round trip as soon as they are more than stray ones, and let it grow by
small steps for half a minute; ``Retry-After`` then stops the endpoint as a whole.

It is pure: times are passed in, in seconds, so that it can be tried in simulation.

Source: ours. Differs: BBR (ACM Queue 14(5), 2016) likewise looks for delivery rate times round trip, with the
least round trip it saw; the least latency of a language model is that of its shortest reply, so the quicker halves of the
replies at different loads are compared here. Additive increase and multiplicative decrease are TCP's (RFC 5681).
"""

from __future__ import annotations

import math
from collections import deque

from tanemaki.engine.cohort import Cohort, knee

START = 32
"""Limit of the first moment: few small servers have fewer than half as many slots, and 1,024 is five doublings away."""
MOST = 4096
ABOVE = 1.5
"""Limit over knee, in the middle of what is good: below 1 slots starve, at 2 the queue is one slot-count."""
BELOW = 0.72
"""The lower load over the upper one: about the knee, so that looking costs next to nothing."""
LOW_SHARE = 0.5
"""Requests of a turn at the lower load to those of one at the upper load: it is the one that may cost throughput."""
LEAST_COHORT = 32
"""Requests in a cohort while holding, at least: fewer say too little where replies vary in length."""
LEAST_LOOK = 16
"""Requests in the cohort of a look at half the limit, at least."""
LEAST_BACK = 8
"""Replies between two readings of the knee, at least."""
KNOWN = 10
"""Cohorts that are remembered while holding: five pairs."""
CLEAR = 1.0
"""Difference in log-likelihood from which on there is taken to be no knee: the climb goes on without a second look."""
GONE = 2.0
"""The same while holding, where a knee was found before: to climb again costs a queue."""
STRAY = 0.1
"""Share of refusals up to which they are taken to be none of the load's doing."""
THE_RULE = 0.25
"""Share of refusals from which on ``Retry-After`` holds for the whole endpoint."""
CAREFUL_S = 30.0
"""Seconds after a cut in which the limit grows by small steps only."""


class Pace:
    """The limit of one endpoint. ``fixed`` is a limit that the user set: it stands, whatever is measured."""

    def __init__(self, *, fixed: int | None = None, start: int = START, most: int = MOST) -> None:
        self.fixed = fixed
        self._most = most
        self.upper = float(fixed or min(start, most))
        """The limit without the turns to a lower load."""
        self.knee: float | None = None
        """Requests that the server works on at once, as far as it is known."""
        self.is_climbing = fixed is None
        self.paused_until = 0.0
        """The server asked not to be sent anything before."""
        self._limit = int(self.upper)
        self._levels = [
            Cohort(start // 4),
            Cohort(start // 4, above=start // 4),
            Cohort(start // 2, above=start // 2),
        ]
        """Of the climb, one for each load; the last is that of the limit."""
        self._is_looking = False
        """The climb is halfway down for a second look."""
        self._known: deque[Cohort] = deque(maxlen=KNOWN)
        self._young: deque[Cohort] = deque(maxlen=4)
        """Full cohorts whose replies are on their way."""
        self._open = Cohort(0)
        self._is_low = False
        self._until_look = 0
        self._refused_share = 0.0
        self._n_arrived = 0
        self._held = math.inf
        """What the last refusal or rest left of the limit; it comes back with the replies."""
        self._regain = 1.0
        self._ceiling = math.inf
        self._cut_at = -math.inf

    @property
    def limit(self) -> int:
        """Requests in flight at once."""
        return self._limit if self._limit < self._held else max(1, int(self._held))

    def sent(self, n: int, now: float) -> Cohort | None:
        """Count a request that is sent, n being in flight with it; return the cohort that it belongs to, if any."""
        if self.fixed is not None:
            return None
        if self.is_climbing:
            cohort = next(one for one in reversed(self._levels) if n > one.above)
            if cohort.is_full:
                if cohort is not self._levels[-1] or cohort.most >= 0.9 * self._limit:
                    return None
                # too little work so far to reach the limit
                cohort = self._levels[-1] = Cohort(cohort.wanted, above=cohort.above)
        elif n >= 0.9 * self._limit:
            cohort = self._open
        else:
            return None
        cohort.send(n, now)
        if not self.is_climbing and cohort.is_full:
            self._turn(now)
        return cohort

    def arrived(self, cohort: Cohort | None, started: float, now: float) -> None:
        """Count a reply."""
        self._n_arrived += 1
        self._refused_share -= self._refused_share / max(32, self._limit // 2)
        if self._held < self._limit:
            self._held += self._regain
        if cohort is not None:
            cohort.arrive(started, now)
        self._until_look -= 1
        if self._until_look > 0 or self.fixed is not None:
            return
        if self.is_climbing:
            self._climb(now)
        else:
            self._look(now)

    def refused(self, n: int, started: float, now: float, retry_after_s: float | None = None) -> None:
        """Count a refusal of a request that was sent as the n-th in flight."""
        self._refused_share += (1 - self._refused_share) / max(32, self._limit // 2)
        if retry_after_s is not None and (self._refused_share > THE_RULE or not self._n_arrived):
            self.paused_until = max(self.paused_until, now + retry_after_s)
        if self.fixed is not None:
            return
        self._held, self._regain = max(1.0, min(self._held, n - 1)), 0.25
        if self._refused_share > STRAY and started >= self._cut_at:
            self._cut_at = now
            self._ceiling = max(1.0, 0.9 * min(n, self.upper))
            self.is_climbing = False
            self._settle(self._ceiling / ABOVE, now)

    def rest(self) -> None:
        """Begin with one request again, and double: the endpoint answers no more, or again."""
        self._held, self._regain = 1.0, 1.0

    def _climb(self, now: float) -> None:
        top = self._levels[-1]
        if not top.is_full or not top.is_told(now) or top.most < 0.9 * self._limit:
            return
        self._until_look = max(1, top.wanted // 8)
        told = [cohort for cohort in self._levels if cohort.is_told(now)]
        found = knee(told, now)
        if self.upper < self._most and found.evidence <= (0.0 if self._is_looking else -CLEAR):
            self._grow()
        elif self.upper < self._most and not self._is_looking:
            self._is_looking = True
            self._limit = max(1, self._limit // 2)
            self._levels.append(Cohort(max(LEAST_LOOK, self._limit // 2), above=self._limit // 2))
        else:
            self.is_climbing = False
            self._known.extend(told)
            self._settle(found.n, now)

    def _grow(self) -> None:
        self._is_looking = False
        self.upper = min(self.upper * 2, self._most)
        self._limit = int(self.upper)
        self._levels.append(Cohort(self._limit // 2, above=self._limit // 2))

    def _settle(self, at: float, now: float) -> None:
        self.knee = at
        self._is_low = True
        self._turn(now)

    def _turn(self, now: float) -> None:
        """Go from one load to the other, with a new cohort."""
        if self._open.n_sent:
            self._young.append(self._open)
        is_careful = now - self._cut_at < CAREFUL_S
        if is_careful or self._ceiling < math.inf:
            self._ceiling += max(1.0, 0.02 * self.upper) if is_careful else 0.25 * self.upper
            if self._ceiling > self._most:
                self._ceiling = math.inf
        self._is_low = not self._is_low and not is_careful
        self._set()
        share = LOW_SHARE if self._is_low else 1.0
        self._open = Cohort(int(share * max(self._limit, LEAST_COHORT)))

    def _look(self, now: float) -> None:
        """Read the knee off what came back."""
        self._until_look = max(LEAST_BACK, self._limit // 4)
        if not self._young or not self._young[0].is_told(now):
            return
        self._known.append(self._young.popleft())
        found = knee(self._known, now, self.knee)
        if found.evidence > -GONE:
            self.knee = found.n
        elif self._ceiling < math.inf or self.upper >= self._most:
            self.knee = max(found.n, *(cohort.load for cohort in self._known))
        else:
            self.is_climbing = True
            self._levels = [*self._known][-2:]
            self._known.clear()
            self._young.clear()
            self._open = Cohort(0)
            self._grow()
            return
        self._set()

    def _set(self) -> None:
        self.upper = min(max(1.0, (self.knee or 1.0) * ABOVE), self._most, self._ceiling)
        self._limit = max(1, math.ceil(self.upper * (BELOW if self._is_low else 1)))
