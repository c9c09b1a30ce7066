from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.part_of_whole import FAMILY

KNOWN = [
    ({"form": "once", "first_part": "2/5", "left": 90}, 150),
    ({"form": "twice", "first_part": "1/3", "second_part": "2/5", "left": 60}, 150),
    (
        {
            "form": "and_more",
            "first_part": "1/3",
            "first_more": 10,
            "second_part": "2/5",
            "second_more": 6,
            "left": 48,
        },
        150,
    ),
]
"""Of 150 pages, 50 and 10 are read, then 36 and 6 of the other 90."""


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_whole_follows_from_what_is_left(parameters: dict[str, object], answer: int, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == answer


def test_the_way_back_undoes_one_day_after_the_other() -> None:
    steps = FAMILY.solve(KNOWN[2][0], "backwards").steps
    assert [step.equation for step in steps] == [
        "48 + 6 = 54",
        "1 - 2/5 = 3/5",
        "54 ÷ 3/5 = 90",
        "90 + 10 = 100",
        "1 - 1/3 = 2/3",
        "100 ÷ 2/3 = 150",
    ]
