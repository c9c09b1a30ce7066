from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.calendar.timetable import FAMILY
from tanemaki.verify.solvers.calendar.timetable import solve as by_living_through

LINE = {"n_stops": 5, "run": 6, "stop": 2, "wait": 14, "next_ride": 70}


@pytest.mark.parametrize(
    ("parameters", "time"),
    [
        ({"form": "arrival", "time": 1365, "ride": 95}, "00:20"),
        ({"form": "departure", "time": 20, "ride": 95}, "22:45"),
        ({"form": "change_arrival", "time": 600, "ride": 70, "wait": 15, "next_ride": 65}, "12:30"),
        ({"form": "change_departure", "time": 750, "ride": 70, "wait": 15, "next_ride": 65}, "10:00"),
        ({"form": "line_arrival", "time": 480, **LINE}, "10:10"),
        ({"form": "line_departure", "time": 60, **LINE}, "22:50"),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_journeys_end_at_their_time_over_midnight_too(
    parameters: dict[str, Any], time: str, method: str
) -> None:
    assert FAMILY.solve(parameters, method).answer == time == by_living_through(parameters)
