"""The state of a run that goes on, in one document: what the display shows, and what ``status`` reads from elsewhere.

While a run goes on, its folder holds ``pulse.json``, written anew each second and taken away at the end. It is no part of
the run's data: it tells of now (rates, requests in flight), and the journal of what is certain. A run that was killed leaves
its last pulse behind; the lock on ``run.lock`` tells whether anybody is alive.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tanemaki.engine.stats import Stats, named
from tanemaki.run.rates import Counts, Rates

FILE = "pulse.json"
EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint of a role, now."""

    role: str
    name: str
    in_flight: int
    limit: int
    resting: bool = False
    """It failed too often and is left alone for a while."""
    n_replies: int = 0
    """Replies of this start."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """A run, now. Counts are those of this start, but for rows and money, which are the whole run's."""

    phase: str
    at: float
    """Unix time in seconds."""
    pid: int
    started_at: float
    """Unix time of this start."""
    elapsed_s: float
    """Since the models were open."""
    wanted: int | None
    most_items: int | None
    """Rows of the source that are tried at most."""
    n_in: int
    live: int
    accepted: int
    rejected: int
    failed: int
    rows_per_s: float | None
    requests_per_s: float | None
    prompt_tokens_per_s: float | None
    completion_tokens_per_s: float | None
    eta_s: float | None
    """Seconds to go at the pace of the last minute; None while nothing can be said."""
    n_sent: int
    n_reused: int
    n_retries: int
    n_hedges: int
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float
    """What the whole run was charged, earlier starts included."""
    reserved_usd: float
    """Set aside for what is in flight, at its worst case."""
    limits: dict[str, float] = field(default_factory=dict)
    endpoints: list[Endpoint] = field(default_factory=list)
    reasons: list[tuple[str, str, int]] = field(default_factory=list)
    """(step, reason or class of failure, rows), the commonest first."""
    faults: list[tuple[str, int]] = field(default_factory=list)
    """(class, requests that failed so), the commonest first."""
    batches: dict[str, int] = field(default_factory=dict)
    """Role → requests that lie in batch files."""
    n_beyond: int = 0
    """Accepted rows beyond the quotas of their strata."""

    @property
    def acceptance(self) -> float | None:
        """Accepted share of the rows that ended, 0 to 1; None before the first has."""
        ended = self.accepted + self.rejected + self.failed
        return self.accepted / ended if ended else None

    def to_json(self) -> dict[str, Any]:
        """Return the pulse for machines."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Pulse:
        """Return the pulse that :meth:`to_json` told. Raises ``TypeError`` for what another version wrote."""
        return cls(
            **{
                **told,
                "endpoints": [Endpoint(**one) for one in told["endpoints"]],
                "reasons": [tuple(one) for one in told["reasons"]],
                "faults": [tuple(one) for one in told["faults"]],
            }
        )


class Gauge:
    """Reads a run's figures and makes a :class:`Pulse` of them, from any thread."""

    def __init__(self, rates: Rates | None = None) -> None:
        self._rates = rates or Rates()
        self._started_at = time.time()

    def read(self, phase: str, stats: Stats) -> Pulse:
        """Return the run as it is now."""
        rates = None
        if stats.began_at is not None and not stats.elapsed_s:
            self._rates.take(Counts.of(stats))
            rates = self._rates.per_second()
        spent = stats.budget.spent.usd if stats.budget is not None else stats.usd
        return Pulse(
            phase=phase,
            at=round(time.time(), 3),
            pid=os.getpid(),
            started_at=round(self._started_at, 3),
            elapsed_s=_elapsed_s(stats),
            wanted=stats.wanted,
            most_items=stats.most_items,
            n_in=stats.n_in,
            live=stats.live,
            accepted=stats.accepted,
            rejected=stats.rejected,
            failed=stats.failed,
            rows_per_s=_rounded(rates and rates.rows),
            requests_per_s=_rounded(rates and rates.requests),
            prompt_tokens_per_s=_rounded(rates and rates.prompt_tokens),
            completion_tokens_per_s=_rounded(rates and rates.completion_tokens),
            eta_s=None if rates is None or phase.startswith("stopping") else self._eta_s(stats),
            n_sent=stats.n_sent,
            n_reused=stats.n_reused,
            n_retries=stats.n_retries,
            n_hedges=stats.n_hedges,
            prompt_tokens=stats.prompt_tokens,
            completion_tokens=stats.completion_tokens,
            cost_usd=round(spent, 6),
            reserved_usd=round(stats.budget.reserved.usd, 6) if stats.budget is not None else 0.0,
            limits=dict(stats.limits),
            endpoints=_endpoints(stats),
            reasons=[(step, reason, n) for (step, reason), n in _ranked(stats.reasons)],
            faults=_ranked(stats.faults),
            n_beyond=stats.n_beyond,
            batches={role: n for role, n in dict(stats.batches).items() if n},
        )

    def _eta_s(self, stats: Stats) -> float | None:
        if stats.wanted is not None:
            return _rounded(
                self._rates.seconds_to_go(max(0, stats.wanted - stats.accepted + stats.n_beyond), "rows")
            )
        if stats.most_items is not None:
            return _rounded(self._rates.seconds_to_go(max(0, stats.most_items - stats.n_in), "roots"))
        return None


def _elapsed_s(stats: Stats) -> float:
    if stats.began_at is None:
        return 0.0
    return round(stats.elapsed_s or time.monotonic() - stats.began_at, 3)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _ranked(counts: Mapping[Any, int]) -> list[tuple[Any, int]]:
    return sorted(dict(counts).items(), key=lambda pair: (-pair[1], pair[0]))


def _endpoints(stats: Stats) -> list[Endpoint]:
    return [
        Endpoint(
            role=role,
            name=name,
            in_flight=lane.in_flight,
            limit=lane.limit,
            resting=lane.is_resting,
            n_replies=stats.n_replies.get(lane, 0),
        )
        for role, lanes in dict(stats.lanes).items()
        for name, lane in named(lanes)
    ]


def read_pulse(folder: Path) -> Pulse | None:
    """Return the last pulse of the run in a folder; None if there is none, or one that another version wrote."""
    try:
        return Pulse.from_json(json.loads((folder / FILE).read_bytes()))
    except (OSError, ValueError, TypeError, KeyError):
        return None


@dataclass(slots=True)
class Progress:
    """What a display may read while a run goes on, from any thread."""

    phase: str = "getting ready"
    stats: Stats = field(default_factory=Stats)
    notes: list[str] = field(default_factory=list)
    """Sentences for the user, in order: what changed, what is paid again."""


@contextmanager
def published(folder: Path, progress: Progress) -> Iterator[None]:
    """Write the pulse each second for as long as the block lasts, and let the observer flush."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(folder, progress, over), name="tanemaki-pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        with suppress(OSError):
            (folder / FILE).unlink(missing_ok=True)


def _beat(folder: Path, progress: Progress, over: threading.Event) -> None:
    gauge = Gauge()
    part = folder / f".{FILE}.part"
    while True:
        with suppress(OSError):  # a full disk ends the run where the journal meets it, not here
            part.write_text(
                json.dumps(gauge.read(progress.phase, progress.stats).to_json()), encoding="utf-8"
            )
            part.replace(folder / FILE)
        if progress.stats.observer is not None:
            progress.stats.observer.flush()
        if over.wait(EVERY_S):
            return
