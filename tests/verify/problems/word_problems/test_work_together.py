from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.work_together import FAMILY

TWO = {"form": "together", "first_alone": 6, "second_alone": 3}
LEAVES = {"form": "one_leaves", "first_alone": 12, "second_alone": 18, "shared": 6}
THREE = {
    "form": "one_of_three_leaves",
    "first_alone": 10,
    "second_alone": 15,
    "third_alone": 30,
    "shared": 3,
}
"""The three do 1/5 a day; after three days 2/5 are left, of which two do 1/10 a day."""


@pytest.mark.parametrize(("parameters", "answer"), [(TWO, 2), (LEAVES, 3), (THREE, 4)])
@pytest.mark.parametrize("method", FAMILY.methods)
def test_workers_finish_in_time(parameters: dict[str, object], answer: int, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == answer


def test_the_whole_is_one_and_each_does_a_fraction_of_it() -> None:
    steps = FAMILY.solve(TWO, "whole_as_one").steps
    assert [step.equation for step in steps] == [
        "",
        "1 ÷ 6 = 1/6",
        "1 ÷ 3 = 1/3",
        "1/6 + 1/3 = 1/2",
        "1 ÷ 1/2 = 2",
    ]
