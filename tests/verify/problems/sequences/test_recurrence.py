from __future__ import annotations

import pytest

from tanemaki.verify.problems.sequences.recurrence import FAMILY, slots

BOTH = pytest.mark.parametrize("method", FAMILY.methods)


@BOTH
def test_the_rabbits_of_fibonacci_are_144_at_number_twelve(method: str) -> None:
    assert FAMILY.solve({"form": "sum_of_two", "first": 1, "second": 1, "n": 12}, method).answer == 144


@BOTH
def test_doubling_and_one_makes_the_moves_of_the_tower_of_hanoi(method: str) -> None:
    p = {"form": "times_plus", "first": 1, "factor": 2, "plus": 1, "n": 6}
    assert slots(p, {})["rule"] == "a(n+1) = 2a(n) + 1"
    assert FAMILY.solve(p, method).answer == 63


@BOTH
def test_a_fixed_point_may_be_a_fraction(method: str) -> None:
    p = {"form": "times_plus", "first": 2, "factor": -2, "plus": 5, "n": 4}  # 2 1 3 -1
    assert FAMILY.solve(p, method).answer == -1


@BOTH
def test_a_stock_grows_and_loses(method: str) -> None:
    p = {"form": "stock", "first": 20, "factor": 2, "taken": 10, "n": 3}  # 30 50 90
    assert FAMILY.solve(p, method).answer == 90
