from __future__ import annotations

import pytest

from tanemaki.verify.problems.arithmetic.missing_digits import FAMILY
from tanemaki.verify.solvers.arithmetic.missing_digits import solve as by_trial


@pytest.mark.parametrize(
    ("sign", "rows", "digits"),
    [
        ("+", ["4A7", "B58", "90C"], [4, 4, 5]),
        ("-", ["90A", "4B7", "C58"], [5, 4, 4]),
        ("×", ["2A8", "7", "1B3C"], [4, 7, 6]),
    ],
)
def test_columns_and_trial_find_the_same_digits(sign: str, rows: list[str], digits: list[int]) -> None:
    parameters = {"sign": sign, "rows": rows}
    assert by_trial(parameters) == digits
    assert FAMILY.solve(parameters, "column_by_column").answer == digits


def test_a_puzzle_with_two_solutions_is_none() -> None:
    with pytest.raises(ValueError, match="too many values to unpack"):
        by_trial({"sign": "+", "rows": ["A7", "B5", "92"]})


def test_a_carry_is_taken_into_the_next_column() -> None:
    steps = FAMILY.solve({"sign": "+", "rows": ["27", "A8", "6B"]}, "column_by_column").steps
    assert [(step.say, step.equation) for step in steps] == [
        ("sum", "7 + 8 = 15"),
        ("read", ""),
        ("must_be_carry", ""),
        ("box", "6 - 2 - 1 = 3"),
    ]
