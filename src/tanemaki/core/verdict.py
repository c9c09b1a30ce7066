"""What a step says of a record: keep it, or reject it with reason, measured value and limit."""

from __future__ import annotations

from dataclasses import dataclass

Measured = float | int | str | None
"""A measured value or a limit: a number, or a short text where the criterion is a text."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A record is not kept, and why.

    A step names its reasons in ``reasons``; the engine refuses one that was not named there.

    >>> Reject("too_short", measured=12, limit=20)
    Reject(reason='too_short', measured=12, limit=20, note=None)
    """

    reason: str
    """Snake case, from the step's closed list."""
    measured: Measured = None
    limit: Measured = None
    note: str | None = None
    """What a reader of the rejected rows should see besides: a quotation, the turn it happened in."""
