from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.geometry.similarity import FAMILY
from tanemaki.verify.solvers.geometry.similarity import solve


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({"form": "side", "side": 6, "other_side": 9, "known": 8}, 12),
        ({"form": "shadow", "people": [0], "height": 150, "shadow": 90, "tall_shadow": 12}, 20),
        ({"form": "area", "side": 4, "other_side": 6, "area": 20}, 45),
        ({"form": "parallel", "upper": 6, "lower": 3, "base": 15}, 10),
        ({"form": "left", "upper": 2, "lower": 1, "area": 8}, 10),
        ({"form": "crossed", "top": 2, "bottom": 3, "area": 4}, 25),
    ],
)
def test_a_ratio_leads_to_the_answer(told: dict[str, Any], answer: int, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer
    assert solve(told) == answer


def test_areas_are_as_the_squares_of_lengths() -> None:
    steps = FAMILY.solve({"form": "area", "side": 4, "other_side": 6, "area": 20}, "shares").steps
    assert [step.say for step in steps] == ["ratio", "squares", "share", "area"]
    assert steps[1].slots == {"one": 2, "two": 3, "one_squared": 4, "two_squared": 9}
    assert [step.equation for step in steps[2:]] == ["20 ÷ 4 = 5", "5 × 9 = 45"]
