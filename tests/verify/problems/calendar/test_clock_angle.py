from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.calendar.clock_angle import FAMILY
from tanemaki.verify.solvers.calendar.clock_angle import solve as by_running


@pytest.mark.parametrize(
    ("parameters", "value"),
    [
        ({"form": "minute_hand", "start": [9, 10], "end": [11, 35]}, 870),
        ({"form": "hour_hand", "start": [9, 10], "end": [11, 35]}, "72.5"),
        ({"form": "between", "start": [3, 0], "minutes": 30}, 75),
        ({"form": "between", "start": [10, 0], "minutes": 150}, 165),
        ({"form": "overlap", "start": [1, 0]}, "60/11"),
        ({"form": "overlap", "start": [11, 0]}, 60),
        ({"form": "angle", "start": [1, 0], "angle": 180}, "420/11"),
        ({"form": "angle", "start": [3, 1], "angle": 90}, "349/11"),
        ({"form": "angle", "start": [8, 0], "angle": 178}, "116/11"),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_hands_are_where_a_running_clock_has_them(
    parameters: dict[str, Any], value: int | str, method: str
) -> None:
    assert FAMILY.solve(parameters, method).answer == value == by_running(parameters)


def test_no_full_circles_are_taken_away_where_there_are_none() -> None:
    parameters = {"form": "between", "start": [11, 50], "minutes": 20}
    steps = FAMILY.solve(parameters, "turns_and_equation").steps
    assert [step.say for step in steps] == ["since_twelve", "past_twelve", "gain_a_minute", "gain"]
