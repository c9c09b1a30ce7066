from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.newton import FAMILY

KNOWN = [
    ({"form": "gates", "gates": 3, "each": 10, "arriving": 18, "waiting": 240}, 20),
    ({"form": "queue", "gates": 1, "more_gates": 2, "arriving": 10, "minutes": 30, "waiting": 300}, 10),
    ({"form": "meadow", "few": 10, "few_time": 20, "many": 15, "many_time": 10, "asked": 25}, 5),
    ({"form": "well", "few": 10, "few_time": 20, "many": 15, "many_time": 10, "asked": 30}, 4),
]
"""The meadow holds 100 and grows by 5 a day."""


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_what_grows_is_used_up_in_time(parameters: dict[str, object], answer: int, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == answer


def test_the_growth_follows_from_two_times() -> None:
    steps = FAMILY.solve(KNOWN[2][0], "there_and_come").steps
    assert [step.equation for step in steps] == [
        "",
        "10 × 20 = 200",
        "15 × 10 = 150",
        "200 - 150 = 50",
        "50 ÷ (20 - 10) = 5",
        "200 - 5 × 20 = 100",
        "25 - 5 = 20",
        "100 ÷ 20 = 5",
    ]
