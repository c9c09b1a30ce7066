from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.logic.truth_table import FAMILY
from tanemaki.verify.solvers.logic.truth_table import solve


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("conditions", "count"),
    [
        ([["if", "a", "b"]], 6),
        ([["unless", "a", "b"]], 6),
        ([["either", "a", "b"]], 6),
        ([["not_both", "a", "b"]], 6),
        ([["one_of", "a", "b"]], 4),
        ([["alike", "a", "b"], ["one_of", "b", "c"]], 2),
        ([["if", "a", "b"], ["if", "b", "c"]], 4),
    ],
)
def test_cases_of_three_guests_are_counted(conditions: list[Any], count: int, method: str) -> None:
    problem = {"people": [0, 1, 2], "conditions": conditions}
    assert FAMILY.solve(problem, method).answer == count
    assert solve(problem) == count


def test_the_cases_that_fall_out_are_named() -> None:
    steps = FAMILY.solve(
        {"people": [0, 1, 2], "conditions": [["if", "a", "b"], ["if", "b", "c"]]}, "strike_out"
    ).steps
    assert [step.equation for step in steps] == ["", "2 × 2 × 2 = 8", "8 - 2 = 6", "6 - 2 = 4"]
    assert [step.slots["out"] for step in steps[2:]] == ["○×○, ○××", "○○×, ×○×"]
