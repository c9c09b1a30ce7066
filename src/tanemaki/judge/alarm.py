"""An overall score that its aspects contradict: one rule, for judges that rate and for sets that were rated elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from tanemaki.core.judging import Scale

ALARM_FROM = (
    0.5  # half of the scale; UltraFeedback's mended rows (10 of 10, a mean of at most 2 of 5) lie 0.75 apart
)
TO_TEN, TO_FIVE = Scale(1, 10), Scale(1, 5)
"""The scales of UltraFeedback's overall scores and of its aspects."""


def is_alarming(
    overall: float, overall_on: Scale, aspects: Sequence[float], aspects_on: Scale
) -> bool | None:
    """Return whether an overall rating lies half of its scale or more away from the mean of the aspects; None without one.

    Source: UltraFeedback's own repair: overall scores of 10 with an aspect mean of 2 or less had been 1. Differs: told
    for any two scales and in both directions; the row is shown to a person, and nothing is changed.

    >>> is_alarming(10, TO_TEN, [1, 1, 1, 1], TO_FIVE), is_alarming(4, TO_FIVE, [3, 4], TO_FIVE)
    (True, False)
    """
    if not aspects:
        return None
    apart = abs(_share(overall, overall_on) - _share(fmean(aspects), aspects_on))
    return apart >= ALARM_FROM


def _share(score: float, scale: Scale) -> float:
    share = (score - scale.low) / (scale.high - scale.low)
    return share if scale.higher_is_better else 1 - share
