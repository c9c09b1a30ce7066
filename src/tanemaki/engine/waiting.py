"""How long a reply is waited for: learnt from the replies that came. Pure: seconds are given, no clock is read.

A request is late when it takes far longer than nearly all others of its step at its endpoint; a second one then races it.
It has timed out when it takes many times as long as that. Until enough replies are known, nothing is late, and the time
limit is the run file's.

Only replies that arrived teach how long replies take. A request that was cut off teaches that they take *at least* so
long, and a time-out doubles the limit of the requests sent after it: a server that became slower is not timed out to death.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

KNOWN_FROM = 50
"""Replies from which on their distribution is believed."""
LATE_TIMES = 3.0
"""Late is so many times the 95th percentile: about 1.5 times the 99th where latencies are log-normal (sigma 1), and more
generous where they hardly differ. Unlike the 99th, the 95th stands firm while 1 to 4 % of the requests hang."""
LATE_FROM_S = 0.1
"""Nothing is late before, however fast the endpoint: our own loop may have been busy."""
TIMEOUT_TIMES = 6.0
"""A request has timed out when it takes so many times as long as a late one."""
TIMEOUT_FROM_S = 10.0
"""No request is given up before, even where others sent later were answered."""
SILENT_TIMEOUT_FROM_S = 30.0
"""No request is given up before where its endpoint has answered nothing since it was sent: it may load a model."""
HEDGE_SHARE = 0.02
"""Share of a role's requests that may be hedges where the run file does not say."""
SPARE_HEDGES = 2
"""Hedges allowed beyond the share, so that the first requests of a run may be hedged too."""

_BINS_PER_E = 12
"""Bins of the histogram per factor e: each is 9 % wide."""
_SHORTEST_S = 0.001
_N_BINS = _BINS_PER_E * 16  # 1 ms to 2.4 hours
_FORGET_AFTER = 512
"""Replies after which what was learnt before them counts half."""
_LOOK_EVERY = 32


@dataclass(frozen=True, slots=True)
class Patience:
    """How the run file has a role's replies waited for. The defaults are those of a model on this machine."""

    is_remote: bool = False
    """It is reached over a network: replies can be lost on the way, and an empty one may be a mishap."""
    timeout_s: float = math.inf
    """Seconds after which a request is given up in any case."""
    hedge_share: float = 0.0
    """Share of the requests that may be sent a second time because they are late; 0 sends none."""

    @property
    def watches(self) -> bool:
        """Requests in flight are looked after: late ones are raced, hung ones given up."""
        return self.is_remote or self.hedge_share > 0


class Latencies:
    """A histogram of latencies with bins that grow by 9 %, which forgets: its memory is about 1,000 replies long.

    >>> latencies = Latencies()
    >>> for latency_s in (0.1, 0.2, 0.4, 0.8):
    ...     latencies.add(latency_s)
    >>> latencies.n, round(latencies.quantile(0.5), 1)
    (4, 0.2)
    """

    __slots__ = ("_counts", "_n_since", "_total", "n")

    def __init__(self) -> None:
        self.n = 0
        """Latencies added, forgotten ones included."""
        self._counts = [0.0] * _N_BINS
        self._total = 0.0
        self._n_since = 0

    def add(self, latency_s: float) -> None:
        """Add one latency."""
        place = int(math.log(latency_s / _SHORTEST_S) * _BINS_PER_E) if latency_s > _SHORTEST_S else 0
        self._counts[place if place < _N_BINS else -1] += 1.0
        self._total += 1.0
        self.n += 1
        self._n_since += 1
        if self._n_since == _FORGET_AFTER:
            self._n_since = 0
            self._counts = [count / 2 for count in self._counts]
            self._total /= 2

    def quantile(self, share: float) -> float:
        """Return the latency in seconds that ``share`` of them (0 to 1) do not exceed, rounded up to its bin; 0 if empty."""
        wanted, seen = share * self._total, 0.0
        for place, count in enumerate(self._counts):
            seen += count
            if count and seen >= wanted * (1 - 1e-9):
                return _SHORTEST_S * math.exp((place + 1) / _BINS_PER_E)
        return 0.0


class Waiting:
    """What is known of the latencies of one step at one endpoint.

    Cost: 0.5 µs per reply.
    """

    __slots__ = ("_latencies", "late_after_s", "longest_s", "look_after_s", "stretch")

    def __init__(self, timeout_s: float) -> None:
        self._latencies = Latencies()
        self.longest_s = timeout_s
        """Seconds after which a request is given up in any case."""
        self.late_after_s = math.inf
        """Seconds after which a request is late; infinite until enough replies are known."""
        self.look_after_s = timeout_s
        """Seconds after which a request must be looked at, because it is late or its time is up."""
        self.stretch = 1.0
        """By how much time-outs have prolonged the limit of what is sent now."""

    def arrived(self, latency_s: float) -> None:
        """Learn from a reply."""
        latencies = self._latencies
        latencies.add(latency_s)
        if latencies.n % _LOOK_EVERY == 0 or latencies.n == KNOWN_FROM:
            self._learn()

    def was_cut_off(self, age_s: float) -> None:
        """Learn from a request that was cut off at this age: its reply would have taken at least so long.

        Below what nearly all replies take, that tells nothing.
        """
        if age_s * LATE_TIMES >= self.late_after_s:
            self._latencies.add(age_s)

    def timed_out(self, age_s: float, stretch: float) -> None:
        """Learn from a time-out of a request sent under this ``stretch``: what is sent from now on has twice its time.

        Many requests that hang together double it once.
        """
        self.was_cut_off(age_s)
        self.stretch = max(self.stretch, 2 * stretch)

    def timeout_s(self, stretch: float, *, is_silent: bool) -> float:
        """Return after how many seconds a request sent under this ``stretch`` is given up; infinite where nothing is known.

        ``is_silent``: the endpoint has answered nothing since it was sent.
        """
        least = SILENT_TIMEOUT_FROM_S if is_silent else TIMEOUT_FROM_S
        return min(self.longest_s, max(least, TIMEOUT_TIMES * self.late_after_s) * stretch)

    def _learn(self) -> None:
        if self._latencies.n >= KNOWN_FROM:
            self.late_after_s = max(LATE_FROM_S, LATE_TIMES * self._latencies.quantile(0.95))
            self.look_after_s = min(self.longest_s, self.late_after_s)
        self.stretch = max(1.0, 0.9 * self.stretch)


@dataclass(slots=True)
class Hedging:
    """The stated share of a role's requests that may be hedges.

    >>> hedging = Hedging(share=0.02, n_sent=100, n_hedges=3)
    >>> hedging.has_room, Hedging(share=0.0, n_sent=100).has_room
    (True, False)
    """

    share: float
    n_sent: int = 0
    """Requests of this start of the run, hedges included."""
    n_hedges: int = 0

    @property
    def has_room(self) -> bool:
        """One more hedge keeps the share."""
        return self.share > 0 and self.n_hedges + 1 <= self.share * self.n_sent + SPARE_HEDGES
