"""What a run counts while it goes on: read by the display, never part of the data."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tanemaki.engine.lanes import Lane, Lanes
from tanemaki.engine.limits import Budget
from tanemaki.engine.observer import Observer


@dataclass(slots=True)
class Stats:
    """Figures of this start of the run; ``closed`` figures include what earlier starts had finished.

    Written by the run's own thread alone, and read by others as it stands.
    """

    wanted: int | None = None
    n_in: int = 0
    """Roots whose records have all ended."""
    n_earlier: int = 0
    """Those of them that earlier starts had finished."""
    live: int = 0
    """Roots on their way."""
    accepted: int = 0
    rejected: int = 0
    failed: int = 0
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(step, reason) of rejections and (step, class) of failures."""
    n_sent: int = 0
    n_reused: int = 0
    """Calls answered by the journal."""
    reused_from: dict[str, int] = field(default_factory=dict)
    """Folder of another run → calls that its replies answered."""
    n_retries: int = 0
    n_hedges: int = 0
    """Requests that were sent a second time because the first did not come back."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0
    in_flight: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    passed_over: int = 0
    """Exact repetitions of a source that promises distinct items."""
    n_beyond: int = 0
    """Accepted rows beyond the quotas of their strata, or of values without one."""
    n_unwanted: int = 0
    """Roots that were not asked because their stratum was full or had no quota."""
    most_items: int | None = None
    """Rows of the source that are tried at most; None where the run file sets no ``limit``."""
    limits: Mapping[str, float] = field(default_factory=dict)
    """Limits of the run file that are set, by key."""
    lanes: dict[str, Lanes] = field(default_factory=dict)
    """Role → its endpoints."""
    n_replies: dict[Lane, int] = field(default_factory=dict)
    """Replies of each endpoint."""
    batches: dict[str, int] = field(default_factory=dict)
    """Role → requests that lie in batch files and have not come back."""
    budget: Budget | None = None
    """What the whole run was charged, earlier starts included."""
    began_at: float | None = None
    """When the models were open, on the monotonic clock; None before."""
    elapsed_s: float = 0.0
    """Time from then to the end; 0 while the run goes on."""
    observer: Observer | None = None
    """Who is told of every reply and row; None costs nothing."""

    def add_reply(
        self, prompt_tokens: int, completion_tokens: int, usd: float, lane: Lane | None = None
    ) -> None:
        """Count one reply."""
        self.prompt_tokens += prompt_tokens
        self.completion_tokens += completion_tokens
        self.usd += usd
        if lane is not None:
            self.n_replies[lane] = self.n_replies.get(lane, 0) + 1

    def begin(self) -> None:
        """The models are open, earlier starts are counted: rates and times count from here."""
        self.n_earlier = self.n_in
        self.began_at = time.monotonic()

    def end(self) -> None:
        """The run has ended: its time stands still."""
        if self.began_at is not None:
            self.elapsed_s = time.monotonic() - self.began_at

    @property
    def acceptance(self) -> float | None:
        """Accepted share of the rows that ended, 0 to 1; None before the first has."""
        ended = self.accepted + self.rejected + self.failed
        return self.accepted / ended if ended else None

    def to_json(self) -> dict[str, Any]:
        """Return the figures for machines."""
        return {
            "wanted": self.wanted,
            "in": self.n_in,
            "live": self.live,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "failed": self.failed,
            "acceptance": self.acceptance,
            "reasons": {f"{step}: {reason}": n for (step, reason), n in self.reasons.most_common()},
            "requests_sent": self.n_sent,
            "replies_reused": self.n_reused,
            "replies_reused_from": dict(self.reused_from),
            "retries": self.n_retries,
            "hedges": self.n_hedges,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cost_usd": round(self.usd, 6),
            "in_flight": dict(self.in_flight),
            "faults": dict(self.faults),
            "elapsed_s": round(self.elapsed_s, 3),
            "endpoints": [
                {"role": role, "endpoint": name, "replies": self.n_replies.get(lane, 0)}
                for role, lanes in self.lanes.items()
                for name, lane in named(lanes)
            ],
        }


def named(lanes: Lanes) -> list[tuple[str, Lane]]:
    """Return a role's endpoints with names that tell them apart: their own, or host and port, or the model's."""
    found: list[tuple[str, Lane]] = []
    taken: Counter[str] = Counter()
    for lane in lanes.all:
        name = lane.name if lane.name != lane.model.name else address_of(lane) or lane.name
        taken[name] += 1
        found.append((name if taken[name] == 1 else f"{name} ({taken[name]})", lane))
    return found


def address_of(lane: Lane) -> str | None:
    """Return host and port of an endpoint, never a user, a password or a path; None for a model without an address."""
    endpoint = getattr(lane.model, "endpoint", None)
    if not isinstance(endpoint, str):
        return None
    return endpoint.partition("://")[2].partition("/")[0].rpartition("@")[2] or None
