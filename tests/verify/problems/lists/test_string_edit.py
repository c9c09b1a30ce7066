from __future__ import annotations

import pytest

from tanemaki.verify.problems.lists.string_edit import FAMILY
from tanemaki.verify.problems.problem import make

OPERATIONS = [
    (["reverse"], "ECBABA"),
    (["to_the_end", 2], "ABCEAB"),
    (["to_the_front", 2], "CEABAB"),
    (["replace", "B", "7"], "A7A7CE"),
    (["remove", "A"], "BBCE"),
    (["odd_places"], "AAC"),
    (["swap_ends"], "EBABCA"),
    (["double_last"], "ABABCEE"),
]


@pytest.mark.parametrize(("operation", "after"), OPERATIONS)
def test_each_operation_does_what_it_says(operation: list[object], after: str) -> None:
    assert FAMILY.solve({"text": "ABABCE", "operations": [operation]}, "in_turn").answer == after


def test_each_operation_works_on_what_the_one_before_it_left() -> None:
    operations = [["remove", "A"], ["reverse"], ["odd_places"]]
    assert FAMILY.solve({"text": "ABABCE", "operations": operations}, "in_turn").answer == "EB"


def test_what_is_asked_for_is_never_the_string_at_the_beginning() -> None:
    for k in range(600):
        problem = make("string_edit", seed=11, k=k, language="en")
        assert problem.answer != problem.parameters["text"]
