from __future__ import annotations

import pytest

from tanemaki.verify.problems.arithmetic.smart_calculation import FAMILY
from tanemaki.verify.solvers.arithmetic.smart_calculation import solve as from_left_to_right


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("37 × 64 + 37 × 36", 3700),
        ("164 × 37 - 64 × 37", 3700),
        ("37 × 99", 3663),
        ("102 × 45", 4590),
        ("3.7 × 48 + 37 × 2.9 + 0.37 × 230", 370),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_trick_and_the_long_way_agree(expression: str, value: int, method: str) -> None:
    parameters = {"expression": expression}
    assert FAMILY.solve(parameters, method).answer == value == from_left_to_right(parameters)


def test_points_are_shifted_before_the_factor_is_pulled_out() -> None:
    steps = FAMILY.solve({"expression": "3.7 × 48 + 37 × 2.9 + 0.37 × 230"}, "distributive_law").steps
    assert [step.equation for step in steps] == [
        "37 × 2.9 = 3.7 × 29",
        "0.37 × 230 = 3.7 × 23",
        "3.7 × 48 + 37 × 2.9 + 0.37 × 230 = 3.7 × (48 + 29 + 23)",
        "48 + 29 + 23 = 100",
        "3.7 × 100 = 370",
    ]
