from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.shopping import FAMILY

TWO = {
    "form": "two",
    "first_price": 80,
    "first_number": 3,
    "second_price": 120,
    "second_number": 2,
    "paid": 500,
}
THIRD = {"third_price": 50, "third_number": 4}
OFFER = {**TWO, **THIRD, "form": "offer", "first_number": 7, "set_size": 3, "off": 30, "paid": 1000}
"""560 + 240 + 200 = 1000 yen, less two sets of 30 yen."""


@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_change_is_what_is_left_of_the_money(method: str) -> None:
    assert FAMILY.solve(TWO, method).answer == 20
    assert FAMILY.solve(OFFER, method).answer == 60


def test_only_full_sets_are_cheaper() -> None:
    steps = FAMILY.solve(OFFER, "add_up").steps
    assert [step.equation for step in steps if step.say in ("sets", "off")] == [
        "7 = 3 × 2 + 1",
        "30 × 2 = 60",
    ]


def test_all_stands_in_one_expression() -> None:
    (step,) = FAMILY.solve(TWO, "one_expression").steps
    assert step.equation == "500 - (80 × 3 + 120 × 2) = 500 - (240 + 240) = 500 - 480 = 20"
