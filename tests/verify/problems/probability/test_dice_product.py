from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.dice_product import FAMILY

TWO = {"form": "two", "sides_1": 6, "sides_2": 6}


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({**TWO, "asked": "no_multiple", "divisor": 2}, "1/4"),
        ({**TWO, "asked": "multiple", "divisor": 2}, "3/4"),
        ({**TWO, "asked": "multiple", "divisor": 3}, "5/9"),
        ({**TWO, "asked": "multiple", "divisor": 5}, "11/36"),
        ({**TWO, "form": "three", "sides_3": 6, "asked": "multiple", "divisor": 5}, "91/216"),
    ],
)
def test_ordinary_dice_have_their_chances(told: dict[str, int], answer: str, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer


def test_an_even_product_is_everything_but_odd_numbers_alone() -> None:
    steps = FAMILY.solve({**TWO, "asked": "multiple", "divisor": 2}, "multiplication").steps
    assert [step.equation for step in steps] == ["3/6 = 1/2", "3/6 = 1/2", "1/2 × 1/2 = 1/4", "1 - 1/4 = 3/4"]
