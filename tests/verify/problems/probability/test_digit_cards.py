from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.digit_cards import FAMILY

CARDS = {"digits": [1, 2, 3, 4], "limit": 30}


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({**CARDS, "asked": "even"}, "1/2"),
        ({**CARDS, "asked": "multiple_of_3"}, "1/3"),
        ({**CARDS, "asked": "larger"}, "1/2"),
        ({"digits": [1, 3, 5, 6, 7], "limit": 30, "asked": "odd"}, "4/5"),
        ({"digits": [1, 3, 5, 6, 7], "limit": 60, "asked": "larger"}, "2/5"),
    ],
)
def test_two_digit_numbers_have_their_chances(told: dict[str, int], answer: str, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer


def test_multiples_of_three_come_in_twos() -> None:
    steps = FAMILY.solve({**CARDS, "asked": "multiple_of_3"}, "choices").steps
    assert [step.equation or step.slots["found"] for step in steps] == [
        "4 × 3 = 12",
        "(1, 2), (2, 4)",
        "2 × 2 = 4",
        "4/12 = 1/3",
    ]
