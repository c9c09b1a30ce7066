from __future__ import annotations

import pytest

from tanemaki.verify.problems.arithmetic.fraction_arithmetic import FAMILY


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1/2 + 1/3", "5/6"),
        ("3/4 - 1/6", "7/12"),
        ("2/3 × 9/4", "3/2"),
        ("3/4 ÷ 3/8", 2),
        ("1/2 + 3/4 × 2/3", 1),
        ("5/6 ÷ 1/3 - 1/2", 2),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_results_are_in_lowest_terms(expression: str, value: str | int, method: str) -> None:
    assert FAMILY.solve({"expression": expression}, method).answer == value


def test_the_least_common_denominator_is_shorter_than_the_product() -> None:
    early, late = (FAMILY.solve({"expression": "1/4 + 1/6"}, method).steps for method in FAMILY.methods)
    assert [step.equation for step in early] == [
        "4 × 3 = 6 × 2 = 12",
        "1/4 = (1 × 3)/(4 × 3) = 3/12",
        "1/6 = (1 × 2)/(6 × 2) = 2/12",
        "3/12 + 2/12 = 5/12",
    ]
    assert [step.equation for step in late][-2:] == ["6/24 + 4/24 = 10/24", "10/24 = 5/12"]
