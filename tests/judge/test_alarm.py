"""When an overall score contradicts its aspects: half of the scale, in both directions, whoever gave the scores."""

from __future__ import annotations

import pytest

from tanemaki.core.judging import Scale
from tanemaki.judge.alarm import TO_FIVE, TO_TEN, is_alarming


@pytest.mark.parametrize(
    ("overall", "scale", "aspects", "alarm"),
    [
        (10, TO_TEN, [1, 1, 1, 1], True),
        (10, TO_TEN, [2, 2, 2, 2], True),
        (10, TO_TEN, [2, 3, 3, 3], True),
        (10, TO_TEN, [3, 3, 3, 3], True),
        (10, TO_TEN, [3, 3, 3, 4], False),
        (10, TO_TEN, [5, 5, 5, 5], False),
        (8, TO_TEN, [4, 4, 5, 4], False),
        (1, TO_TEN, [5, 5, 5, 5], True),
        (1, TO_TEN, [4], True),
        (1, TO_TEN, [1, 1, 1, 1], False),
        (5, TO_FIVE, [3, 3], True),
        (5, TO_FIVE, [4, 3], False),
        (5, TO_FIVE, [], None),
        (1, Scale(1, 10, higher_is_better=False), [1, 1], True),
    ],
)
def test_the_alarm_is_half_of_the_scale(
    overall: float, scale: Scale, aspects: list[float], alarm: object
) -> None:
    """Fault 13's trace in published data: 10 is 1.0 of its scale, aspects of 3 are 0.5 of theirs."""
    assert is_alarming(overall, scale, aspects, TO_FIVE) is alarm
