"""Requests and tokens per minute, where the user states what an endpoint allows.

A bucket holds five seconds' worth and fills so slowly that not even a full one, emptied at once, passes the stated number
in any minute. The worst case of a request in tokens is taken before it is sent, and what it did not need comes back with
its reply. It is pure: times are passed in, in seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

_NOTHING = 1e-9
BURST_S = 5.0
"""Seconds' worth that may go out at once."""


@dataclass(slots=True)
class Bucket:
    """So many a minute. A request that needs more than the bucket holds goes out when it is full, and is waited for after.

    >>> bucket = Bucket(per_minute=60)
    >>> [bucket.take(1, now=0.0) for _ in range(6)]
    [True, True, True, True, True, False]
    >>> round(bucket.wait_s(1, now=0.0), 2)
    1.09
    """

    per_minute: float
    _level: float = field(init=False)
    _at: float = field(default=-math.inf, init=False)

    def __post_init__(self) -> None:
        self._level = self.holds

    @property
    def holds(self) -> float:
        """What may go out at once."""
        return max(1.0, self.per_minute * BURST_S / 60)

    @property
    def per_second(self) -> float:
        """What comes in. With what it holds, a minute sees ``per_minute`` at most; one a minute comes in at one a minute."""
        return max(self.per_minute - self.holds, min(self.per_minute, 1.0)) / 60

    def wait_s(self, amount: float, now: float) -> float:
        """Return the seconds until ``amount`` may go out; 0 where it may now."""
        self._fill(now)
        lacking = min(amount, self.holds) - self._level
        return lacking / self.per_second if lacking > _NOTHING else 0.0

    def take(self, amount: float, now: float) -> bool:
        """Take ``amount`` out, or nothing and return False where it may not go out yet."""
        if self.wait_s(amount, now) > 0:
            return False
        self._level -= amount
        return True

    def give_back(self, amount: float) -> None:
        """Put back what was taken and not used."""
        self._level = min(self.holds, self._level + amount)

    def _fill(self, now: float) -> None:
        if now > self._at:
            if self._at > -math.inf:
                self._level = min(self.holds, self._level + (now - self._at) * self.per_second)
            self._at = now


@dataclass(slots=True)
class Buckets:
    """What one endpoint allows: either may be None."""

    requests: Bucket | None = None
    tokens: Bucket | None = None

    @classmethod
    def of(cls, requests_per_minute: float | None, tokens_per_minute: float | None) -> Buckets | None:
        """Return the buckets of what is stated; None where nothing is."""
        if requests_per_minute is None and tokens_per_minute is None:
            return None
        return cls(
            None if requests_per_minute is None else Bucket(requests_per_minute),
            None if tokens_per_minute is None else Bucket(tokens_per_minute),
        )

    def wait_s(self, n_tokens: int, now: float) -> float:
        """Return the seconds until a request of so many tokens may go out."""
        wait = 0.0 if self.requests is None else self.requests.wait_s(1, now)
        return wait if self.tokens is None else max(wait, self.tokens.wait_s(n_tokens, now))

    def take(self, n_tokens: int, now: float) -> bool:
        """Take a request out, or nothing and return False where it may not go out yet."""
        if self.wait_s(n_tokens, now) > 0:
            return False
        if self.requests is not None:
            self.requests.take(1, now)
        if self.tokens is not None:
            self.tokens.take(n_tokens, now)
        return True

    def give_back(self, n_tokens: int, *, was_sent: bool = True) -> None:
        """Put back the tokens that a request did not need; the request, too, where it was never sent."""
        if self.tokens is not None:
            self.tokens.give_back(n_tokens)
        if self.requests is not None and not was_sent:
            self.requests.give_back(1)
