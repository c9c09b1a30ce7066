from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.urn import FAMILY

KEPT = {"n_red": 3, "n_white": 2, "is_back": 0}


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({**KEPT, "asked": "both"}, "3/10"),
        ({**KEPT, "asked": "ordered"}, "3/10"),
        ({**KEPT, "is_back": 1, "asked": "ordered"}, "6/25"),
        ({**KEPT, "asked": "some"}, "9/10"),
        ({**KEPT, "asked": "same"}, "2/5"),
        ({**KEPT, "asked": "different"}, "3/5"),
        ({**KEPT, "is_back": 1, "asked": "both"}, "9/25"),
        ({**KEPT, "is_back": 1, "asked": "some"}, "21/25"),
        ({**KEPT, "is_back": 1, "asked": "different"}, "12/25"),
    ],
)
def test_three_red_and_two_white_balls_have_their_chances(
    told: dict[str, int], answer: str, method: str
) -> None:
    assert FAMILY.solve(told, method).answer == answer


def test_at_least_one_is_all_but_none() -> None:
    steps = FAMILY.solve({**KEPT, "asked": "some"}, "multiplication").steps
    assert [step.equation for step in steps] == [
        "2 ÷ 5 = 2/5",
        "1 ÷ 4 = 1/4",
        "2/5 × 1/4 = 1/10",
        "1 - 1/10 = 9/10",
    ]
