from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.geometry.circle import FAMILY
from tanemaki.verify.solvers.geometry.circle import solve


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({"form": "wheel", "diameter": 50, "turns": 4}, 628),
        ({"form": "discs", "radius": 5, "count": 3}, "235.5"),
        ({"form": "sector_area", "radius": 6, "angle": 60}, "18.84"),
        ({"form": "arc", "radius": 6, "angle": 60}, "6.28"),
        ({"form": "sector_around", "radius": 6, "angle": 60}, "18.28"),
        ({"form": "ring", "outer_diameter": 10, "inner_diameter": 6}, "50.24"),
        ({"form": "track", "straight": 10, "width": 4}, "52.56"),
    ],
)
def test_a_circle_is_measured_with_3_14(told: dict[str, Any], answer: int | str, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer
    assert solve(told) == answer


def test_pi_comes_in_once_when_it_comes_last() -> None:
    steps = FAMILY.solve({"form": "ring", "outer_diameter": 10, "inner_diameter": 6}, "pi_last").steps
    assert [step.equation for step in steps] == [
        "10 ÷ 2 = 5",
        "6 ÷ 2 = 3",
        "5 × 5 - 3 × 3 = 16",
        "16 × 3.14 = 50.24",
    ]
