from __future__ import annotations

import pytest

from tanemaki.verify.problems.number_theory.divisors import FAMILY

BOTH = pytest.mark.parametrize("method", FAMILY.methods)


@BOTH
def test_twelve_can_be_shared_in_six_ways(method: str) -> None:
    assert FAMILY.solve({"form": "share", "total": 17, "taken": 5}, method).answer == 6


@BOTH
def test_the_divisors_of_a_perfect_number_add_up_to_its_double(method: str) -> None:
    assert FAMILY.solve({"form": "multiples_sum", "number": 28, "factor": 1}, method).answer == 56


@BOTH
def test_only_multiples_of_the_factor_count(method: str) -> None:
    assert (
        FAMILY.solve({"form": "multiples", "number": 72, "factor": 6}, method).answer == 6
    )  # 6 12 18 24 36 72
    assert FAMILY.solve({"form": "multiples_sum", "number": 72, "factor": 6}, method).answer == 168


def test_the_primes_are_counted_as_in_the_book() -> None:
    steps = FAMILY.solve({"form": "share", "total": 80, "taken": 8}, "prime_factors").steps
    assert [s.equation for s in steps] == [
        "80 - 8 = 72",
        "",
        "72 = 2 × 2 × 2 × 3 × 3",
        "3 + 1 = 4",
        "2 + 1 = 3",
        "4 × 3 = 12",
    ]
