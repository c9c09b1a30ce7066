"""What a run counts while it goes on: read by the display, never part of the data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Stats:
    """Figures of this start of the run; ``closed`` figures include what earlier starts had finished."""

    wanted: int | None = None
    n_in: int = 0
    """Roots whose records have all ended."""
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
    n_retries: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0
    in_flight: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    passed_over: int = 0
    """Exact repetitions of a source that promises distinct items."""

    def add_reply(self, prompt_tokens: int, completion_tokens: int, usd: float) -> None:
        """Count one reply."""
        self.prompt_tokens += prompt_tokens
        self.completion_tokens += completion_tokens
        self.usd += usd

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
            "retries": self.n_retries,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "cost_usd": round(self.usd, 6),
            "in_flight": dict(self.in_flight),
            "faults": dict(self.faults),
        }
