from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.cranes_and_turtles import FAMILY

SUNZI = {"form": "many", "few_legs": 2, "many_legs": 4, "heads": 35, "legs": 94}
"""35 heads, 94 feet: 23 pheasants and 12 rabbits."""


@pytest.mark.parametrize(("form", "answer"), [("many", 12), ("few", 23), ("difference", -11)])
@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_problem_of_sunzi_has_its_answer(form: str, answer: int, method: str) -> None:
    assert FAMILY.solve({**SUNZI, "form": form}, method).answer == answer


def test_assuming_one_kind_exchanges_as_the_books_do() -> None:
    steps = FAMILY.solve(SUNZI, "assume_all_one").steps
    assert [step.equation for step in steps] == ["2 × 35 = 70", "94 - 70 = 24", "4 - 2 = 2", "24 ÷ 2 = 12"]
