from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.spinners import FAMILY

WHEELS = {"first": [[1, 90], [4, 270]], "second": [[2, 120], [3, 240]]}


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({**WHEELS, "form": "larger"}, "3/4"),
        ({**WHEELS, "form": "exactly", "limit": 6}, "1/4"),
        ({**WHEELS, "form": "at_least", "limit": 6}, "3/4"),
        ({**WHEELS, "form": "at_least", "limit": 4}, "11/12"),
    ],
)
def test_unequal_sectors_weigh_by_their_angles(told: dict[str, int], answer: str, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer


def test_chances_of_pairs_are_products() -> None:
    steps = FAMILY.solve({**WHEELS, "form": "larger"}, "multiplication").steps
    assert [step.equation for step in steps] == [
        "270/360 = 3/4",
        "120/360 = 1/3",
        "240/360 = 2/3",
        "3/4 × 1/3 = 1/4",
        "3/4 × 2/3 = 1/2",
        "1/4 + 1/2 = 3/4",
    ]
