"""The figures of conservation (promise 1): nothing is dropped without a row that says where and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

Part = Literal["accepted", "rejected", "failed", "surplus", "passed_over", "parent", "merged"]
"""What became of a record, as the run's files show it."""


@dataclass(slots=True)
class Accounting:
    """The figures of promise 1, over what the dataset shows."""

    roots: int = 0
    children: int = 0
    """Records that steps made of others, less those that went into them."""
    accepted: int = 0
    rejected: int = 0
    failed: int = 0
    surplus: int = 0
    passed_over: int = 0
    """Roots that a full stratum, or a value without a quota, kept from the dataset and that gave no row."""
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(step, reason) of rejections."""
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(step, class) of failures."""

    def add(self, part: Part, step: str | None, reason: str | None, *, is_root: bool) -> None:
        """Count a row; of a rejected or failed one also its step and its reason or class."""
        if is_root:
            self.roots += 1
        else:
            self.children += 1
        if part in ("parent", "merged"):
            self.children -= 1
            return
        if part == "accepted":
            self.accepted += 1
            return
        setattr(self, part, getattr(self, part) + 1)
        if part == "rejected":
            self.reasons[step or "", reason or ""] += 1
        elif part == "failed":
            self.faults[step or "", reason or ""] += 1

    @property
    def balances(self) -> bool:
        """``in + children = accepted + rejected + failed + surplus + passed over``."""
        ended = self.accepted + self.rejected + self.failed + self.surplus + self.passed_over
        return self.roots + self.children == ended

    def equation(self) -> str:
        """Return the accounting as one line."""
        return (
            f"in {self.roots} + children {self.children} = accepted {self.accepted} + rejected {self.rejected}"
            f" + failed {self.failed} + surplus {self.surplus}"
            + (f" + passed over {self.passed_over}" if self.passed_over else "")
        )

    def to_json(self) -> dict[str, Any]:
        """Return the figures for machines."""
        return {
            "in": self.roots,
            "children": self.children,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "failed": self.failed,
            "surplus": self.surplus,
            "passed_over": self.passed_over,
            "reasons": {f"{step}: {reason}": n for (step, reason), n in self.reasons.most_common()},
            "faults": {f"{step}: {fault}": n for (step, fault), n in self.faults.most_common()},
        }
