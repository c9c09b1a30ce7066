from __future__ import annotations

import pytest

from tanemaki.verify.problems.arithmetic.order_of_operations import FAMILY


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("8 - 2 × 3", 2),
        ("(8 - 2) × 3", 18),
        ("48 ÷ 6 × 2", 16),
        ("20 - 5 + 3", 18),
        ("2 × (15 - (4 + 6) ÷ 5)", 26),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_strong_signs_brackets_and_the_order_from_the_left_decide(
    expression: str, value: int, method: str
) -> None:
    assert FAMILY.solve({"expression": expression}, method).answer == value


def test_each_rewriting_changes_one_operation() -> None:
    steps = FAMILY.solve({"expression": "12 + 3 × (8 - 5)"}, "rewrite").steps
    assert [(step.say, step.equation) for step in steps] == [
        ("bracket", "12 + 3 × (8 - 5) = 12 + 3 × 3"),
        ("strong", "12 + 3 × 3 = 12 + 9"),
        ("value", "12 + 9 = 21"),
    ]


def test_a_part_that_stands_twice_is_worked_out_once() -> None:
    steps = FAMILY.solve({"expression": "2 × 3 + 2 × 3"}, "part_by_part").steps
    assert [step.equation for step in steps] == ["2 × 3 = 6", "6 + 6 = 12"]
