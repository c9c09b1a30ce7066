from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.dice_extreme import FAMILY

DIE = {"sides": 6, "times": 3}


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({**DIE, "asked": "at_most", "limit": 4}, "8/27"),
        ({**DIE, "asked": "at_least", "limit": 5}, "1/27"),
        ({**DIE, "asked": "largest", "limit": 5}, "61/216"),
        ({**DIE, "asked": "smallest", "limit": 6}, "1/216"),
        ({**DIE, "asked": "both", "low": 2, "high": 5}, "1/12"),
    ],
)
def test_three_throws_of_an_ordinary_die_have_their_extremes(
    told: dict[str, int], answer: str, method: str
) -> None:
    assert FAMILY.solve(told, method).answer == answer


def test_a_largest_number_of_five_is_at_most_five_but_not_at_most_four() -> None:
    steps = FAMILY.solve({**DIE, "asked": "largest", "limit": 5}, "counting").steps
    assert [step.equation for step in steps] == [
        "6 × 6 × 6 = 216",
        "5 × 5 × 5 = 125",
        "4 × 4 × 4 = 64",
        "125 - 64 = 61",
        "61 ÷ 216 = 61/216",
    ]
