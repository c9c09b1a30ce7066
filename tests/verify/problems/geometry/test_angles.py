from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.geometry.angles import FAMILY
from tanemaki.verify.solvers.geometry.angles import solve


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "angle"),
    [
        ({"form": "triangle", "first": 50, "second": 60}, 70),
        ({"form": "outside", "first": 50, "second": 60}, 110),
        ({"form": "quadrangle", "first": 80, "second": 95, "third": 110}, 75),
        ({"form": "isosceles", "apex": 40, "part": 15}, 85),
        ({"form": "bend", "first": 40, "second": 35}, 75),
        ({"form": "bisectors", "first": 60, "second": 80}, 110),
        ({"form": "polygon", "corners": 5, "angles": [108, 108, 108, 108]}, 108),
        ({"form": "polygon", "corners": 6, "angles": [120, 115, 130, 110, 125]}, 120),
    ],
)
def test_an_angle_is_found_and_measured(told: dict[str, Any], angle: int, method: str) -> None:
    assert FAMILY.solve(told, method).answer == angle
    assert solve(told) == angle


def test_a_hexagon_is_cut_into_four_triangles() -> None:
    steps = FAMILY.solve(
        {"form": "polygon", "corners": 6, "angles": [120, 115, 130, 110, 125]}, "inner"
    ).steps
    assert [step.equation for step in steps] == [
        "6 - 2 = 4",
        "180 × 4 = 720",
        "120 + 115 + 130 + 110 + 125 = 600",
        "720 - 600 = 120",
    ]
