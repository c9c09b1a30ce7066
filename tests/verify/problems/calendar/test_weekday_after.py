from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.calendar.weekday_after import FAMILY
from tanemaki.verify.solvers.calendar.weekday_after import solve as by_walking


@pytest.mark.parametrize(
    ("parameters", "day"),
    [
        ({"form": "after", "weekday": "wednesday", "days": 100}, "friday"),
        ({"form": "before", "weekday": "wednesday", "days": 100}, "monday"),
        ({"form": "after", "weekday": "sunday", "days": 70}, "sunday"),
        (
            {"form": "same_year", "weekday": "monday", "first": [2024, 1, 1], "last": [2024, 12, 25]},
            "wednesday",
        ),
        (
            {"form": "same_year", "weekday": "tuesday", "first": [2023, 2, 28], "last": [2023, 4, 1]},
            "saturday",
        ),
        ({"form": "years", "weekday": "saturday", "first": [2000, 1, 1], "last": [2010, 2, 28]}, "sunday"),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_known_dates_have_their_weekdays(parameters: dict[str, Any], day: str, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == day == by_walking(parameters)


def test_a_first_date_with_a_wrong_weekday_is_refused() -> None:
    with pytest.raises(ValueError, match="2024-01-01 is no friday"):
        by_walking({"form": "same_year", "weekday": "friday", "first": [2024, 1, 1], "last": [2024, 3, 1]})


def test_the_shift_of_a_single_month_is_found_too() -> None:
    parameters = {"form": "same_year", "weekday": "monday", "first": [2024, 1, 1], "last": [2024, 2, 5]}
    steps = FAMILY.solve(parameters, "shifts").steps
    assert [step.equation for step in steps if step.equation] == [
        "31 - 28 = 3",
        "5 - 1 = 4",
        "3 + 4 = 7",
        "7 × 1 = 7",
        "7 - 7 = 0",
    ]
