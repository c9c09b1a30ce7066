from __future__ import annotations

import pytest

from tanemaki.verify.problems.calendar.date_after import FAMILY
from tanemaki.verify.solvers.calendar.date_after import solve as by_the_library


@pytest.mark.parametrize(
    ("form", "date", "days", "answer"),
    [
        ("after", [2024, 1, 1], 366, "2025-01-01"),
        ("after", [2023, 12, 20], 45, "2024-02-03"),
        ("after", [2024, 2, 28], 2, "2024-03-01"),
        ("before", [2024, 3, 1], 1, "2024-02-29"),
        ("before", [2023, 3, 28], 100, "2022-12-18"),
        ("before", [2001, 1, 1], 731, "1999-01-01"),
        ("after", [2023, 4, 10], 1000, "2026-01-04"),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_known_dates_are_reached(form: str, date: list[int], days: int, answer: str, method: str) -> None:
    parameters = {"form": form, "date": date, "days": days}
    assert FAMILY.solve(parameters, method).answer == answer == by_the_library(parameters)
