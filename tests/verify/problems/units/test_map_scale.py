from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.units.map_scale import FAMILY
from tanemaki.verify.solvers.units.map_scale import solve as in_millimetres


@pytest.mark.parametrize(
    ("parameters", "value"),
    [
        ({"form": "metres", "length": "4", "scale": 5000}, 200),
        ({"form": "kilometres", "length": "6", "scale": 25000}, "1.5"),
        ({"form": "map", "real": "3", "scale": 50000}, 6),
        ({"form": "scale", "real": "2", "length": "8"}, 25000),
        ({"form": "square_metres", "sides": ["4", "2.5"], "scale": 2000}, 4000),
        ({"form": "hectares", "sides": ["4", "3"], "scale": 10000}, 12),
    ],
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_lengths_grow_with_the_scale_and_areas_with_its_square(
    parameters: dict[str, Any], value: int | str, method: str
) -> None:
    assert FAMILY.solve(parameters, method).answer == value == in_millimetres(parameters)


def test_one_square_centimetre_stands_for_the_square_of_the_scale() -> None:
    steps = FAMILY.solve(
        {"form": "square_metres", "sides": ["4", "2.5"], "scale": 2000}, "one_centimetre"
    ).steps
    assert [step.equation for step in steps] == [
        "2000 ÷ 100 = 20",
        "20 × 20 = 400",
        "4 × 2.5 = 10",
        "400 × 10 = 4000",
    ]
