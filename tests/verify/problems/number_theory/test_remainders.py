from __future__ import annotations

import pytest

from tanemaki.verify.problems.number_theory.remainders import FAMILY

BOTH = pytest.mark.parametrize("method", FAMILY.methods)
SUNZI = {
    "form": "three",
    "first": 3,
    "first_rest": 2,
    "second": 5,
    "second_rest": 3,
    "third": 7,
    "third_rest": 2,
}


@BOTH
def test_the_problem_of_sunzi_has_its_answers(method: str) -> None:
    assert FAMILY.solve({**SUNZI, "above": 22}, method).answer == 23
    assert FAMILY.solve({**SUNZI, "above": 100}, method).answer == 128


def test_the_weights_are_the_ones_of_the_old_song() -> None:
    steps = FAMILY.solve({**SUNZI, "above": 100}, "weights").steps
    equations = [step.equation for step in steps if step.equation]
    assert equations[:3] == ["35 × 2 = 70 = 3 × 23 + 1", "21 × 1 = 21 = 5 × 4 + 1", "15 × 1 = 15 = 7 × 2 + 1"]
    assert equations[3:6] == ["70 × 2 + 21 × 3 + 15 × 2 = 233", "3 × 5 × 7 = 105", "233 - 105 × 2 = 23"]


@BOTH
def test_a_limit_that_fits_is_not_above_itself(method: str) -> None:
    assert (
        FAMILY.solve({"form": "same", "first": 4, "second": 5, "rest": 3, "above": 203}, method).answer == 223
    )


@BOTH
def test_two_divisors_with_two_remainders(method: str) -> None:
    p = {"form": "two", "first": 5, "first_rest": 2, "second": 7, "second_rest": 3, "above": 60}
    assert FAMILY.solve(p, method).answer == 87
