from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.geometry.round_solids import FAMILY
from tanemaki.verify.solvers.geometry.round_solids import solve


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({"form": "cylinder", "radius": 3, "height": 5}, "45π"),
        ({"form": "cone", "radius": 3, "height": 5}, "15π"),
        ({"form": "cylinder_surface", "radius": 3, "height": 5}, "48π"),
        ({"form": "cone_surface", "radius": 3, "slant": 5}, "24π"),
        ({"form": "rocket", "radius": 3, "height": 5, "tip": 4}, "57π"),
        ({"form": "dome", "radius": 3, "height": 5}, "63π"),
        ({"form": "bucket", "radius": 6, "small": 3, "height": 12, "tip": 6}, "126π"),
    ],
)
def test_a_round_body_has_its_size_with_pi(told: dict[str, Any], answer: str, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer
    assert solve(told) == answer


def test_a_ball_is_two_thirds_of_the_cylinder_around_it() -> None:
    half = FAMILY.solve({"form": "dome", "radius": 3, "height": 0}, "part_by_part")
    assert [step.equation for step in half.steps][2:4] == ["4/3 × π × 3³ = 36π", "36π ÷ 2 = 18π"]
    assert FAMILY.solve({"form": "cylinder", "radius": 3, "height": 6}, "pi_last").answer == "54π"
