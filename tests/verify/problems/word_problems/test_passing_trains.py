from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.passing_trains import FAMILY

TRAINS = {"first_length": 180, "first_speed": 25, "second_length": 120, "second_speed": 20}
KNOWN = [
    ({"form": "bridge", "length": 160, "speed": 20, "way": 440}, 30),
    ({"form": "hidden", "length": 160, "speed": 20, "way": 760}, 30),
    ({"form": "towards", **TRAINS, "second_speed": 35}, 5),
    ({"form": "overtake", **TRAINS}, 60),
    (
        {"form": "length", "first_way": 440, "first_seconds": 30, "second_way": 1040, "second_seconds": 60},
        160,
    ),
]


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_trains_pass_in_the_right_time(parameters: dict[str, object], answer: int, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == answer


def test_the_bridge_counts_with_the_length_of_the_train() -> None:
    steps = FAMILY.solve(KNOWN[0][0], "way_of_the_front").steps
    assert [step.equation for step in steps] == ["440 + 160 = 600", "600 ÷ 20 = 30"]
