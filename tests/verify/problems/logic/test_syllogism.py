from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.logic.syllogism import FAMILY
from tanemaki.verify.solvers.logic.syllogism import solve

ALL: list[Any] = [["all", 2, 3], ["all", 1, 2]]
NONE: list[Any] = [["all", 1, 2], ["none", 2, 3]]


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("rules", "fact", "answer"),
    [
        (ALL, (1, True, 3), "yes"),  # Barbara
        (NONE, (1, True, 3), "no"),  # Celarent
        (ALL, (3, False, 1), "no"),  # modus tollens
        (NONE, (3, True, 1), "no"),
        (ALL, (3, True, 1), "unknown"),  # affirming the consequent
        (ALL, (1, False, 3), "unknown"),  # denying the antecedent
        (NONE, (1, False, 3), "unknown"),
        (NONE, (3, False, 1), "unknown"),
    ],
)
def test_a_syllogism_holds_or_does_not(
    rules: list[Any], fact: tuple[int, bool, int], answer: str, method: str
) -> None:
    told, holds, asked = fact
    problem = {"people": [0], "rules": rules, "told": told, "holds": holds, "asked": asked}
    assert FAMILY.solve(problem, method).answer == answer
    assert solve(problem) == answer


def test_the_chain_is_followed_from_where_something_is_told() -> None:
    steps = FAMILY.solve({"rules": ALL, "told": 3, "holds": False, "asked": 1}, "chain").steps
    assert [step.say for step in steps] == ["backward_all", "backward_all", "so_no"]
    assert steps[0].slots["p"] == "is_2"
