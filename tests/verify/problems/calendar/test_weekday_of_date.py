from __future__ import annotations

import pytest

from tanemaki.verify.problems.calendar.weekday_of_date import FAMILY


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ([2000, 1, 1], "saturday"),
        ([2024, 2, 29], "thursday"),
        ([1969, 7, 20], "sunday"),
        ([1945, 8, 15], "wednesday"),
        ([1868, 10, 23], "friday"),
        ([2100, 2, 28], "sunday"),
        ([2026, 11, 21], "saturday"),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_famous_dates_have_their_weekdays(date: list[int], day: str, method: str) -> None:
    assert FAMILY.solve({"date": date}, method).answer == day


def test_zeller_takes_january_for_the_thirteenth_month() -> None:
    steps = FAMILY.solve({"date": [1900, 1, 1]}, "zeller").steps
    assert [step.equation for step in steps if step.equation] == [
        "1899 = 100 × 18 + 99",
        "13 × (13 + 1) = 182 = 5 × 36 + 2",
        "99 = 4 × 24 + 3",
        "18 = 4 × 4 + 2",
        "5 × 18 + 4 = 94",
        "1 + 36 + 99 + 24 + 94 = 254",
        "254 = 7 × 36 + 2",
    ]
