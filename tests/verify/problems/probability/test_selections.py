from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.selections import FAMILY
from tanemaki.verify.solvers.probability.selections import solve

GROUP = {"n_first": 5, "n_second": 5, "chosen": 3}


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({**GROUP, "asked": "at_least", "limit": 1}, 110),
        ({**GROUP, "asked": "at_least", "limit": 2}, 60),
        ({**GROUP, "asked": "at_most", "limit": 1}, 60),
        ({**GROUP, "n_second": 4, "asked": "at_most", "limit": 2}, 74),
    ],
)
def test_three_of_two_kinds_are_chosen(told: dict[str, int], answer: int, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer
    assert solve(told) == answer


def test_at_least_one_is_all_without_those_of_one_kind() -> None:
    steps = FAMILY.solve({**GROUP, "asked": "at_least", "limit": 1}, "complement").steps
    assert [step.equation for step in steps] == ["C(10, 3) = 120", "C(5, 3) = 10", "120 - 10 = 110"]
