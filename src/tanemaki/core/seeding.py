"""Every draw from a hash of names.

A draw depends on the names it was asked with (run seed, recipe, step, record id, place in the record) and on nothing
else: not on order, process, concurrency or the clock. Seeds are never added: neighbouring seeds would then share draws.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
Name = str | int
"""What a draw is named by. An integer and its text are different names."""


def digest(*names: Name) -> bytes:
    """Return 32 bytes that depend on the names, their order and their types.

    >>> digest("ab", "c") == digest("a", "bc"), digest(1) == digest("1")
    (False, False)
    """
    return digest_of(joined(*names))


def digest_of(names: bytes) -> bytes:
    """Return the :func:`digest` of names that are :func:`joined`: of what many names begin with, once."""
    return hashlib.blake2b(names, digest_size=32).digest()


def joined(*names: Name) -> bytes:
    """Return the names as bytes that no other names make. What is joined apart and added is the same as joined at once.

    >>> joined("種", 1) == joined("種") + joined(1)
    True
    """
    parts = []
    for name in names:
        if isinstance(name, str):
            raw = name.encode("utf-8", "surrogatepass")
            parts.append(b"s%d:" % len(raw))
        else:
            raw = b"%d" % name
            parts.append(b"i%d:" % len(raw))
        parts.append(raw)
    return b"".join(parts)


def hex_id(*names: Name, length: int = 16) -> str:
    """Return a short hexadecimal name for the names.

    >>> hex_id("persona_dialogue", "種まき")
    '43545831269311b6'
    """
    return digest(*names).hex()[:length]


class Draw:
    """A stream of random numbers that belongs to its names; the same on every machine and Python version.

    >>> draw = Draw(7, "persona_dialogue", "topic", "a1b2")
    >>> draw.choose(["算数", "歴史", "料理"]) in {"算数", "歴史", "料理"}
    True
    >>> Draw(1, "x").below(1000) == Draw(1, "x").below(1000)
    True
    """

    __slots__ = ("_block", "_bytes", "_key", "_used")

    def __init__(self, *names: Name) -> None:
        self._key = digest(*names)
        self._block = 0
        self._bytes = b""
        self._used = 0

    def bits(self) -> int:
        """Return 64 random bits."""
        if self._used + 8 > len(self._bytes):
            counter = self._block.to_bytes(8, "little")
            self._bytes = hashlib.blake2b(counter, key=self._key, digest_size=64).digest()
            self._block += 1
            self._used = 0
        chunk = self._bytes[self._used : self._used + 8]
        self._used += 8
        return int.from_bytes(chunk, "little")

    def uniform(self) -> float:
        """Return a number from 0 (inclusive) to 1 (exclusive)."""
        return (self.bits() >> 11) / (1 << 53)

    def below(self, n: int) -> int:
        """Return an integer from 0 to ``n - 1``, without bias. Raises ``ValueError`` unless 1 <= n <= 2**64."""
        if not 1 <= n <= 1 << 64:
            raise ValueError(f"below() needs n from 1 to 2**64, got {n}")
        limit = (1 << 64) - (1 << 64) % n
        while True:
            bits = self.bits()
            if bits < limit:
                return bits % n

    def between(self, low: int, high: int) -> int:
        """Return an integer from ``low`` to ``high``, both inclusive."""
        return low + self.below(high - low + 1)

    def choose(self, options: Sequence[T]) -> T:
        """Return one of the options, each equally likely."""
        return options[self.below(len(options))]

    def weighted(self, options: Sequence[T], weights: Sequence[float]) -> T:
        """Return one of the options with probability proportional to its weight (0 or more, not all 0)."""
        total = float(sum(weights))
        if len(options) != len(weights) or not options or total <= 0 or min(weights) < 0:
            raise ValueError(
                f"{len(options)} options with weights {weights!r}: one weight of 0 or more each, not all 0"
            )
        point = self.uniform() * total
        last = options[0]
        for option, weight in zip(options, weights, strict=True):
            if weight > 0:
                last = option
                if point < weight:
                    return option
            point -= weight
        return last

    def sample(self, options: Sequence[T], n: int) -> list[T]:
        """Return ``n`` different places of ``options`` in random order; all of them, shuffled, if ``n`` is larger."""
        left = list(options)
        taken = []
        for _ in range(min(n, len(left))):
            at = self.below(len(left))
            left[at], left[-1] = left[-1], left[at]
            taken.append(left.pop())
        return taken
