from __future__ import annotations

import pytest

from tanemaki.verify.problems.number_theory.base_conversion import FAMILY

BOTH = pytest.mark.parametrize("method", FAMILY.methods)


@BOTH
def test_101101_in_base_two_is_45(method: str) -> None:
    assert FAMILY.solve({"form": "read", "base": 2, "written": 101101}, method).answer == 45


@BOTH
def test_45_in_base_two_is_101101_and_in_base_seven_63(method: str) -> None:
    assert FAMILY.solve({"form": "write", "base": 2, "number": 45}, method).answer == 101101
    assert FAMILY.solve({"form": "write", "base": 7, "number": 45}, method).answer == 63


@BOTH
def test_a_sum_carries_beyond_the_first_digit(method: str) -> None:
    p = {"form": "add", "base": 5, "first": 444, "second": 1}
    assert FAMILY.solve(p, method).answer == 1000


def test_columns_say_what_they_carry() -> None:
    p = {"form": "add", "base": 8, "first": 157, "second": 26}
    worked = FAMILY.solve(p, "place_values")
    assert worked.answer == 205
    assert [s.equation for s in worked.steps[:-1]] == [
        "7 + 6 = 13 = 8 × 1 + 5",
        "5 + 2 + 1 = 8 = 8 × 1 + 0",
        "1 + 0 + 1 = 2",
    ]


def test_a_carry_out_of_the_last_column_has_its_own_column() -> None:
    worked = FAMILY.solve({"form": "add", "base": 5, "first": 444, "second": 1}, "place_values")
    assert worked.steps[-2].equation == "0 + 0 + 1 = 1"
