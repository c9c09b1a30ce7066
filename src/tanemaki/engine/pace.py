"""How many requests one endpoint may have in flight, found by measuring (promise 8).

A server that queues never refuses, so refusals alone say nothing; and reply lengths vary, so one latency says little. What
is sought is the *knee*: the number in flight from which on more requests wait instead of being worked on, so that latency
rises and throughput does not (:mod:`tanemaki.engine.cohort`). The limit is held above it, so that a slot that gets free
always finds a request.

``climb``  from the start the limit doubles, about once per round trip, until latency rises with it
``hold``   then it goes up to ``ABOVE`` times the knee and down to ``BELOW`` of that, in turn: the two loads are measured
           against each other for good, so that a server that gets slower or faster, or has other slots, is followed

Only what was sent near the limit counts: where there is too little work to reach it, nothing is learnt. Refusals (429, 503,
529, other 5xx, time-outs) cut the limit once per round trip as soon as they are more than stray ones, and let it grow by
small steps for half a minute; ``Retry-After`` then stops the endpoint as a whole.

It is pure: times are passed in, in seconds, so that it can be tried in simulation.

Source: ours. Differs: BBR (ACM Queue 14(5), 2016) likewise looks for delivery rate times round trip, with the
least round trip it saw; the least latency of a language model is that of its shortest reply, so means at different loads
are compared here. Additive increase and multiplicative decrease are TCP's (RFC 5681).
"""

from __future__ import annotations

import math
from collections import deque

from tanemaki.engine.cohort import Cohort, knee

START = 32
"""Limit of the first moment: few small servers have fewer than half as many slots, and 1,024 is five doublings away."""
MOST = 4096
ABOVE = 1.5
"""Limit over knee, tried in simulation: 1.4 starves servers of few slots, at 1.6 the queue passes one slot-count."""
BELOW = 0.72
"""The lower load over the upper one: about the knee, so that looking costs next to nothing."""
LOW_SHARE = 0.5
"""Requests of a turn at the lower load to those of one at the upper load: it is the one that may cost throughput."""
DEEPEST = 0.5
"""The lower load where both of the last pair were above the knee."""
LEAST_COHORT = 32
"""Requests in a cohort, at least: a mean of fewer says too little where replies vary in length."""
LEAST_BACK = 8
HALF_BACK = 0.5
"""Share of a cohort's replies from which on it is looked at."""
MOSTLY_BACK = 0.85
"""Share from which on it is believed."""
KNOWN = 6
"""Cohorts that are remembered while holding: three pairs."""
CLEAR = 3.0
"""Difference in log-likelihood from which on a knee ends the climb: two to three standard deviations."""
UNSEEN = 1.0
"""Below this there is taken to be no knee, and the limit grows until there is."""
UNSEEN_TURNS = 2
FAST = 2.0
"""Growth after so many turns without a knee."""
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
        self._levels = [Cohort(4), Cohort(4)]
        while 2 * self._levels[-1].wanted < start:
            self._levels.append(Cohort(2 * self._levels[-1].wanted))
        self._known: deque[Cohort] = deque(maxlen=KNOWN)
        self._young: deque[Cohort] = deque(maxlen=4)
        """Full cohorts whose replies are on their way."""
        self._open = Cohort(0)
        self._is_low = False
        self._below = BELOW
        self._loads: tuple[float, float] | None = None
        """Least and greatest load that the knee was read off."""
        self._n_unseen = 0
        """Turns in a row without a knee."""
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
            cohort = self._level(n)
            if cohort.is_full:
                if cohort is not self._levels[-1] or cohort.most >= 0.9 * self._limit:
                    return None
                cohort = self._levels[-1] = Cohort(cohort.wanted)  # too little work so far to reach the limit
        elif n >= 0.9 * self._limit:
            cohort = self._open
        else:
            return None
        cohort.send(n, now)
        if not self.is_climbing and cohort.is_full:
            self._turn(now)
        return cohort

    def _level(self, n: int) -> Cohort:
        half = self._limit // 2
        for cohort in reversed(self._levels):
            if n > half:
                return cohort
            half //= 2
        return self._levels[0]

    def arrived(self, cohort: Cohort | None, started: float, now: float) -> None:
        """Count a reply."""
        self._n_arrived += 1
        self._refused_share -= self._refused_share / max(32, self._limit // 2)
        if self._held < self._limit:
            self._held += self._regain
        if cohort is None:
            return
        cohort.arrive(started, now)
        self._until_look -= 1
        if self._until_look > 0:
            return
        if not self.is_climbing:
            self._look(now)
        elif cohort is self._levels[-1]:
            self._climb(now)

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
        if top.n_back < HALF_BACK * top.wanted or top.most < 0.9 * self._limit:
            return
        self._until_look = max(1, top.wanted // 8)
        told = [cohort for cohort in self._levels if cohort.share_back >= HALF_BACK]
        found = knee(told, now)
        is_told = top.share_back >= MOSTLY_BACK
        if found.evidence < CLEAR and self.upper < self._most:
            if is_told or found.n >= 0.85 * top.load:
                self.upper = min(self.upper * 2, self._most)
                self._limit = int(self.upper)
                self._levels.append(Cohort(self._limit // 2))
        elif is_told:
            self.is_climbing = False
            self._known.extend([cohort for cohort in told if cohort.n_back >= LEAST_BACK][-3:])
            self._settle(found.n, now)

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
        if self._is_low and self._loads is not None and self.knee is not None:
            low, high = self._loads
            self._below = BELOW if self.knee > 1.02 * low else max(DEEPEST, self._below * BELOW)
            self._n_unseen = self._n_unseen + 1 if self.knee > 0.92 * high else 0
        self._set()
        share = LOW_SHARE if self._is_low else 1.0
        self._open = Cohort(int(share * max(self._limit, LEAST_COHORT)))

    def _look(self, now: float) -> None:
        """Read the knee off what came back."""
        while self._young and self._young[0].share_back >= MOSTLY_BACK:
            self._known.append(self._young.popleft())
        young = [
            one for one in (*self._young, self._open) if one.n_back >= max(LEAST_BACK, HALF_BACK * one.n_sent)
        ]
        told = [*self._known, *young]
        self._until_look = max(LEAST_BACK, self._limit // 4)
        if not told:
            return
        found = knee(told, now, self.knee)
        loads = [cohort.load for cohort in told]
        self._loads = (min(loads), max(loads))
        self.knee = max(found.n, self._loads[1]) if found.evidence < UNSEEN else found.n
        self._set()

    def _set(self) -> None:
        above = ABOVE if self._n_unseen < UNSEEN_TURNS else FAST
        self.upper = min(max(1.0, (self.knee or 1.0) * above), self._most, self._ceiling)
        self._limit = max(1, math.ceil(self.upper * (self._below if self._is_low else 1)))
