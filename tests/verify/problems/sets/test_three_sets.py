from __future__ import annotations

import pytest

from tanemaki.verify.problems.sets.three_sets import FAMILY

TOLD = {"first": 50, "second": 33, "third": 20, "first_second": 16, "second_third": 6, "third_first": 10}
"""The numbers from 1 to 100 divisible by 2, by 3, by 5: 74 are divisible by one of them, 3 by all, 26 by none."""


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("form", "known", "answer"),
    [
        ("union", {"all": 3}, 74),
        ("none", {"all": 3, "total": 100}, 26),
        ("exactly_one", {"none": 26, "total": 100}, 48),
    ],
)
def test_divisibility_by_two_three_and_five_is_counted(
    form: str, known: dict[str, int], answer: int, method: str
) -> None:
    assert FAMILY.solve({**TOLD, **known, "form": form}, method).answer == answer


def test_the_formula_adds_takes_away_and_adds() -> None:
    steps = FAMILY.solve({**TOLD, "all": 3, "form": "union"}, "formula").steps
    assert [step.equation for step in steps] == [
        "50 + 33 + 20 = 103",
        "16 + 6 + 10 = 32",
        "103 - 32 + 3 = 74",
    ]
