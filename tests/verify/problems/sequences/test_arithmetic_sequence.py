from __future__ import annotations

import pytest

from tanemaki.verify.problems.sequences.arithmetic_sequence import FAMILY

BOTH = pytest.mark.parametrize("method", FAMILY.methods)


@BOTH
def test_gauss_adds_the_numbers_from_one_to_a_hundred(method: str) -> None:
    assert FAMILY.solve({"form": "sum", "first": 1, "step": 1, "n": 100}, method).answer == 5050
    assert FAMILY.solve({"form": "sum_to_last", "first": 1, "step": 1, "last": 100}, method).answer == 5050


@BOTH
def test_the_tenth_of_5_8_11_is_32(method: str) -> None:
    assert FAMILY.solve({"form": "term", "first": 5, "step": 3, "n": 10}, method).answer == 32


@BOTH
def test_a_part_of_a_falling_row_may_be_negative(method: str) -> None:
    p = {"form": "part", "first": 6, "step": -2, "start": 4, "n": 8}  # 0 -2 -4 -6 -8
    assert FAMILY.solve(p, method).answer == -20


def test_pairing_doubles_and_halves() -> None:
    steps = FAMILY.solve({"form": "sum_to_last", "first": 1, "step": 1, "last": 100}, "pairing").steps
    assert [s.equation for s in steps[-3:]] == ["1 + 100 = 101", "101 × 100 = 10100", "10100 ÷ 2 = 5050"]
