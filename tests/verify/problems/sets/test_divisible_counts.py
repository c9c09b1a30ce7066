from __future__ import annotations

import pytest

from tanemaki.verify.problems.sets.divisible_counts import FAMILY


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({"form": "either", "first": 2, "second": 3, "high": 100}, 67),
        ({"form": "neither", "first": 2, "second": 3, "high": 100}, 33),
        ({"form": "either", "first": 4, "second": 6, "high": 12}, 4),
        ({"form": "neither_between", "first": 2, "second": 3, "low": 11, "high": 20}, 4),
    ],
)
def test_multiples_are_counted(told: dict[str, int], answer: int, method: str) -> None:
    """From 11 to 20 it is 11, 13, 17 and 19 that neither 2 nor 3 divides."""
    assert FAMILY.solve(told, method).answer == answer


def test_the_common_multiples_are_counted_once() -> None:
    told = {"form": "either", "first": 4, "second": 6, "high": 100}
    steps = FAMILY.solve(told, "inclusion_exclusion").steps
    assert [step.equation for step in steps] == [
        "100 ÷ 4 = 25",
        "96 ÷ 6 = 16",
        "4 × 6 ÷ 2 = 12",
        "96 ÷ 12 = 8",
        "25 + 16 - 8 = 33",
    ]
