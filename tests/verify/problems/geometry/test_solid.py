from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.geometry.solid import FAMILY
from tanemaki.verify.solvers.geometry.solid import solve

SUNK = {"long": 20, "wide": 15, "water": 12, "block_long": 10, "block_wide": 5, "block_tall": 12}


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({"form": "tank", "long": 50, "wide": 30, "deep": 20}, 30),
        ({"form": "tank", "long": 45, "wide": 25, "deep": 20}, "22.5"),
        ({"form": "prism", "base": 6, "height": 4, "length": 10}, 120),
        ({"form": "stairs", "tall": 5, "wide": 6, "cut_tall": 2, "cut_wide": 3, "length": 10}, 240),
        ({"form": "box_surface", "long": 3, "wide": 4, "tall": 5}, 94),
        ({"form": "prism_surface", "one": 3, "two": 4, "slanted": 5, "length": 10}, 132),
        ({"form": "sunk", **SUNK}, 14),
    ],
)
def test_a_body_has_its_size(told: dict[str, Any], answer: int | str, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer
    assert solve(told) == answer


def test_a_box_is_wrapped_by_its_base_and_what_goes_around() -> None:
    steps = FAMILY.solve({"form": "box_surface", "long": 3, "wide": 4, "tall": 5}, "base_and_height").steps
    assert [step.equation for step in steps] == [
        "3 × 4 = 12",
        "(3 + 4) × 2 = 14",
        "14 × 5 = 70",
        "12 × 2 + 70 = 94",
    ]
