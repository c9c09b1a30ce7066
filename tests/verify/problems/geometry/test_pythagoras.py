from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.geometry.pythagoras import FAMILY
from tanemaki.verify.solvers.geometry.pythagoras import solve


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({"form": "hypotenuse", "one": 3, "two": 4}, 5),
        ({"form": "hypotenuse", "one": "1.5", "two": 2}, "2.5"),
        ({"form": "leg", "one": 12, "long": 13}, 5),
        ({"form": "isosceles", "equal": 13, "base": 10}, 60),
        ({"form": "distance", "x": -1, "y": 2, "other_x": 5, "other_y": 10}, 10),
        ({"form": "rhombus", "one_diagonal": 6, "other_diagonal": 8}, 20),
        ({"form": "trapezium", "upper": 4, "lower": 10, "slanted": 5}, 28),
        ({"form": "ladder", "length": 250, "near": 70, "far": 150}, 40),
    ],
)
def test_a_length_comes_out_even(told: dict[str, Any], answer: int | str, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer
    assert solve(told) == answer


def test_the_shape_is_known_and_scaled() -> None:
    steps = FAMILY.solve({"form": "hypotenuse", "one": 9, "two": 12}, "shape").steps
    assert [step.equation for step in steps] == ["", "9 ÷ 3 = 3", "5 × 3 = 15"]
    assert steps[0].slots["longest"] == 5
