from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.meeting import FAMILY

KNOWN = [
    ({"form": "towards", "first_speed": 60, "second_speed": 80, "way": 1400}, 10),
    ({"form": "catch_up", "first_speed": 60, "second_speed": 80, "ahead": 6}, 18),
    ({"form": "head_start", "first_speed": 60, "second_speed": 80, "ahead": 5, "way": 1700}, 10),
    ({"form": "pond", "round": 1200, "meet": 8, "overtake": 40}, 90),
]
"""Round the pond, both speeds make 150 m together and differ by 30 m."""


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_travellers_meet_when_they_should(parameters: dict[str, object], answer: int, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == answer


def test_catching_up_closes_the_head_start() -> None:
    steps = FAMILY.solve(KNOWN[1][0], "relative_speed").steps
    assert [step.equation for step in steps] == ["60 × 6 = 360", "80 - 60 = 20", "360 ÷ 20 = 18"]
