"""What a request meets, drawn from (seed, row, attempt): every client meets the same, whatever it asks first.

A row is known by its mark ``(row 12.2)`` in the prompt, so that two frameworks which wrap the same row in different
templates meet the same latencies and faults; a prompt without a mark is its own. ``attempt`` counts how often the row was
seen before.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from hashlib import blake2b

MARK = re.compile(rb"\(row ([0-9.]+)\)")
_UNIT = 2.0**-32


@dataclass(slots=True)
class Behaviour:
    """How the server behaves. Shares are of requests, 0 to 1."""

    seed: int = 1
    latency_ms: float = 0.0
    """Time in a slot; the median where ``sigma`` is set."""
    sigma: float = 0.0
    """0: every reply takes the same time; else the sigma of a log-normal one."""
    slots: int = 0
    """Requests worked on at once; more of them queue, first come, first served. 0: no bound."""
    refuses: bool = False
    """Answer 429 instead of queueing."""
    words: int = 128
    """Words of a reply, at most ``max_tokens``; a word counts as a token."""
    words_least: int = 0
    """Above 0: the words are drawn evenly between this and ``words``."""
    overloaded: float = 0.0
    """429 with ``Retry-After``."""
    retry_after_s: float = 1.0
    broken: float = 0.0
    """500."""
    reset: float = 0.0
    """The connection breaks before the reply."""
    hang: float = 0.0
    """No reply ever comes."""
    cut: float = 0.0
    """The connection closes in the middle of the body."""
    malformed: float = 0.0
    """200 with half of a JSON body, as some gateways send it."""
    every_attempt: bool = False
    """Faults may meet every attempt; False: only the first one of a row."""
    poison: float = 0.0
    """Share of rows for which every attempt is answered by 500."""
    die_after: int = 0
    """After so many replies the endpoint is gone: nothing listens, every connection breaks. 0: never."""


FAULTS = ("overloaded", "broken", "reset", "hang", "cut", "malformed")


def units(seed: int, row: bytes, attempt: int) -> tuple[float, float, float, float]:
    """Return four numbers between 0 and 1 that belong to this attempt."""
    digest = blake2b(b"%d|%s|%d" % (seed, row, attempt), digest_size=16).digest()
    a, b, c, d = (int.from_bytes(digest[i : i + 4], "little") for i in (0, 4, 8, 12))
    return (a + 0.5) * _UNIT, (b + 0.5) * _UNIT, (c + 0.5) * _UNIT, (d + 0.5) * _UNIT


def latency_s(behaviour: Behaviour, drawn: tuple[float, float, float, float]) -> float:
    """Return the seconds in a slot."""
    median = behaviour.latency_ms / 1000
    if not behaviour.sigma or not median:
        return median
    normal = math.sqrt(-2 * math.log(drawn[0])) * math.cos(2 * math.pi * drawn[1])
    return median * math.exp(behaviour.sigma * normal)


def fault(behaviour: Behaviour, drawn: tuple[float, float, float, float], attempt: int) -> str | None:
    """Return the fault that the attempt meets, if any."""
    if attempt and not behaviour.every_attempt:
        return None
    share = drawn[2]
    for name in FAULTS:
        share -= getattr(behaviour, name)
        if share < 0:
            return name
    return None


def is_poisoned(behaviour: Behaviour, row: bytes) -> bool:
    """Tell whether every attempt at the row fails."""
    return behaviour.poison > 0 and units(behaviour.seed, b"poison|" + row, 0)[0] < behaviour.poison


def n_words(behaviour: Behaviour, drawn: tuple[float, float, float, float], most: int | None) -> int:
    """Return the words of a reply."""
    wanted = behaviour.words
    if behaviour.words_least:
        wanted = behaviour.words_least + int(drawn[3] * (behaviour.words - behaviour.words_least + 1))
    return max(1, wanted if most is None else min(wanted, most))
