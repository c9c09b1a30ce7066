from __future__ import annotations

import pytest

from tanemaki.verify.problems.lists.queue_operations import FAMILY

CHANGES = [
    (["come", 50], [11, 22, 33, 44, 50]),
    (["served"], [22, 33, 44]),
    (["leave", 33], [11, 22, 44]),
    (["swap", 2, 4], [11, 44, 33, 22]),
    (["let_in", 50, 2], [11, 50, 22, 33, 44]),
]


@pytest.mark.parametrize(("change", "after"), CHANGES)
def test_each_change_does_what_it_says(change: list[object], after: list[int]) -> None:
    line = {"scene": "bank", "line": [11, 22, 33, 44]}
    assert FAMILY.solve({**line, "changes": [change]}, "in_turn").answer == after


def test_places_are_those_of_the_moment() -> None:
    changes = [["served"], ["let_in", 50, 2], ["swap", 1, 2]]
    assert FAMILY.solve({"scene": "bank", "line": [11, 22, 33], "changes": changes}, "in_turn").answer == [
        50,
        22,
        33,
    ]
