"""What can be measured of a judge that gives each answer a score: unread replies, mass on legal options, alarms."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from tanemaki.core.errors import DataError, nearest
from tanemaki.core.prompt import show_value
from tanemaki.judge.alarm import TO_FIVE, TO_TEN, is_alarming
from tanemaki.judge.shares import Share
from tanemaki.judge.trust.clustered import share_of

LEGAL_MASS = 0.5  # "judgment distributions" (arXiv 2503.03064): with less, a verdict is none


@dataclass(frozen=True, slots=True)
class ScoredTrust:
    """A judge of single answers, on one set."""

    judge: str
    n_rows: int
    read: Share
    """Rows with a score."""
    legal_mass: float | None
    """Mean probability on the legal options, 0 to 1; None where no row tells it."""
    low_mass: Share
    """Rows with less than one half on them, of those that tell it."""
    alarms: Share
    """Rows whose overall score contradicts their aspects, of those that have both."""


def scored_trust(rows: Iterable[Mapping[str, Any]], judge: str) -> ScoredTrust:
    """Measure a judge by the columns ``<judge>`` and ``<judge>_parts`` that the step Score writes.

    Raises ``DataError`` with the row's number where the first of them is missing, and with the nearest column.

    Source: mass on the options, "judgment distributions" (arXiv 2503.03064); the alarm, UltraFeedback's mended scores.

    >>> rows = [{"prompt": "春の花は？", "expected": 4.2, "expected_parts": {"legal_mass": 0.9}}]
    >>> scored_trust(rows, "expected").legal_mass
    0.9
    """
    found = [_read(row, judge, number) for number, row in enumerate(rows, 1)]
    alarms = [(key, _alarm(parts)) for key, _, parts in found]
    masses = [(key, parts["legal_mass"]) for key, _, parts in found if parts.get("legal_mass") is not None]
    return ScoredTrust(
        judge=judge,
        n_rows=len(found),
        read=share_of((key, score is not None) for key, score, _ in found),
        legal_mass=fmean(mass for _, mass in masses) if masses else None,
        low_mass=share_of((key, mass < LEGAL_MASS) for key, mass in masses),
        alarms=share_of((key, alarm) for key, alarm in alarms if alarm is not None),
    )


def _alarm(parts: Mapping[str, Any]) -> bool | None:
    """The judge's own alarm, or that of its numbers on UltraFeedback's scales; None where there is neither."""
    if parts.get("alarm") is not None:
        return bool(parts["alarm"])
    aspects, overall = parts.get("aspects"), parts.get("overall")
    scores = [one for one in (aspects or {}).values() if isinstance(one, int | float)]
    return is_alarming(overall, TO_TEN, scores, TO_FIVE) if isinstance(overall, int | float) else None


def _read(row: Mapping[str, Any], judge: str, number: int) -> tuple[str, float | None, Mapping[str, Any]]:
    if judge not in row:
        near = nearest(judge, row)
        raise DataError(
            f"a scored row lacks the column {judge!r}",
            where=f"row {number}",
            got=", ".join(row),
            next=f"did you mean {near!r}?" if near else "score the rows first, with the step Score",
        )
    parts = row.get(f"{judge}_parts") or {}
    return (
        show_value(row.get("prompt", str(number))),
        row[judge],
        json.loads(parts) if isinstance(parts, str) else parts,
    )
