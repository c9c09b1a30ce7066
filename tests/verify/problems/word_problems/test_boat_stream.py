from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.boat_stream import FAMILY

KNOWN = [
    ({"form": "down", "still": 150, "stream": 50, "way": 1200}, 6),
    ({"form": "up", "still": 150, "stream": 50, "way": 1200}, 12),
    ({"form": "stream", "way": 1200, "down": 6, "up": 12}, 50),
    ({"form": "other", "way": 1200, "down": 6, "up": 12, "other": 110}, 20),
]


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_stream_helps_down_and_hinders_up(
    parameters: dict[str, object], answer: int, method: str
) -> None:
    assert FAMILY.solve(parameters, method).answer == answer


def test_the_stream_is_half_the_difference_of_both_speeds() -> None:
    steps = FAMILY.solve(KNOWN[2][0], "half_difference").steps
    assert [step.equation for step in steps] == [
        "1200 ÷ 6 = 200",
        "1200 ÷ 12 = 100",
        "200 - 100 = 100",
        "100 ÷ 2 = 50",
    ]
