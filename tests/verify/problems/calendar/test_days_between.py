from __future__ import annotations

import pytest

from tanemaki.verify.problems.calendar._months import is_leap
from tanemaki.verify.problems.calendar.days_between import FAMILY
from tanemaki.verify.solvers.calendar.days_between import solve as solve_again


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ([2023, 4, 10], [2023, 5, 8], 28),
        ([2024, 2, 28], [2024, 3, 1], 2),
        ([2023, 2, 28], [2023, 3, 1], 1),
        ([1899, 2, 10], [1901, 3, 10], 758),
        ([1999, 2, 10], [2001, 3, 10], 759),
        ([2000, 1, 1], [2012, 12, 28], 4745),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_days_are_counted_over_leap_years_and_none_that_is_none(
    first: list[int], last: list[int], days: int, method: str
) -> None:
    assert FAMILY.solve({"form": "later", "first": first, "last": last}, method).answer == days
    assert FAMILY.solve({"form": "inclusive", "first": first, "last": last}, method).answer == days + 1


@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_julian_calendar_has_a_leap_day_in_1900(method: str) -> None:
    parameters = {"form": "julian", "first": [1899, 2, 10], "last": [1901, 3, 10]}
    assert FAMILY.solve(parameters, method).answer == 759 == solve_again(parameters)
    first_months = {"form": "julian", "first": [1900, 2, 10], "last": [1900, 3, 10]}
    assert FAMILY.solve(first_months, method).answer == 29 == solve_again(first_months)


def test_a_century_is_named_when_it_is_no_leap_year() -> None:
    steps = FAMILY.solve(
        {"form": "later", "first": [1899, 2, 10], "last": [1901, 3, 10]}, "month_by_month"
    ).steps
    assert [step.say for step in steps][:2] == ["no_leap_century", "no_leap_day"]


def test_leap_years_follow_the_rule_of_1582() -> None:
    assert [year for year in (1600, 1700, 1900, 2000, 2023, 2024, 2100) if is_leap(year)] == [
        1600,
        2000,
        2024,
    ]
