from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.ages import FAMILY

KNOWN = [
    ({"form": "sum", "sum": 48, "times": 5}, 40),
    ({"form": "difference", "older_by": 32, "times": 5}, 40),
    ({"form": "later", "child": 10, "old": 38, "times": 3}, 4),
    ({"form": "later", "child": 10, "old": 38, "times": 2}, 18),
    ({"form": "earlier", "child": 10, "old": 38, "times": 5}, 3),
    ({"form": "sum_then", "sum": 48, "years": 4, "times": 3}, 10),
]


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_ages_are_right(parameters: dict[str, object], answer: int, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == answer


def test_the_difference_of_ages_stays_the_same() -> None:
    steps = FAMILY.solve(KNOWN[2][0], "shares").steps
    assert [step.equation for step in steps] == ["38 - 10 = 28", "3 - 1 = 2", "28 ÷ 2 = 14", "14 - 10 = 4"]
