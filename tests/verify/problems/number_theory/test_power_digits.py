from __future__ import annotations

import pytest

from tanemaki.verify.problems.number_theory.power_digits import FAMILY

BOTH = pytest.mark.parametrize("method", FAMILY.methods)


@BOTH
@pytest.mark.parametrize(("power", "digit"), [(1, 7), (2, 9), (3, 3), (4, 1), (5, 7), (2026, 9)])
def test_the_powers_of_seven_end_in_7_9_3_1(method: str, power: int, digit: int) -> None:
    assert FAMILY.solve({"form": "one", "first": 7, "first_power": power}, method).answer == digit


@BOTH
def test_two_powers_are_added(method: str) -> None:
    p = {"form": "two", "first": 2, "first_power": 10, "second": 3, "second_power": 5}
    assert FAMILY.solve(p, method).answer == 7  # 1024 + 243 = 1267
    assert FAMILY.solve({**p, "form": "rest", "divisor": 7}, method).answer == 0  # 1267 = 7 × 181


def test_the_cycle_ends_where_the_first_remainder_comes_again() -> None:
    steps = FAMILY.solve({"form": "one", "first": 17, "first_power": 23}, "cycle").steps
    equations = [step.equation for step in steps if step.equation]
    assert equations[:3] == ["17 = 10 × 1 + 7", "7 × 7 = 49 = 10 × 4 + 9", "9 × 7 = 63 = 10 × 6 + 3"]
    assert equations[3:] == ["3 × 7 = 21 = 10 × 2 + 1", "1 × 7 = 7", "23 = 4 × 5 + 3"]
