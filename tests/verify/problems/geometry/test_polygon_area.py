from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.geometry.polygon_area import FAMILY


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "area"),
    [
        ({"form": "triangle", "base": 8, "height": 5}, 20),
        ({"form": "triangle", "base": "4.6", "height": "3.1"}, "7.13"),
        ({"form": "rhombus", "long_diagonal": 10, "short_diagonal": 6}, 30),
        ({"form": "trapezium", "upper": 3, "lower": 7, "height": 4}, 20),
        ({"form": "corner", "tall": 8, "wide": 10, "cut_tall": 3, "cut_wide": 4}, 68),
        ({"form": "gable", "wall": 5, "width": 6, "roof": 4}, 42),
        ({"form": "border", "tall": 10, "wide": 20, "border": 2}, 136),
    ],
)
def test_a_figure_has_the_area_that_the_textbook_gives_it(
    told: dict[str, Any], area: int | str, method: str
) -> None:
    assert FAMILY.solve(told, method).answer == area


def test_a_trapezium_is_half_of_a_parallelogram() -> None:
    steps = FAMILY.solve({"form": "trapezium", "upper": 3, "lower": 7, "height": 4}, "complete").steps
    assert [step.equation for step in steps] == ["3 + 7 = 10", "10 × 4 = 40", "40 ÷ 2 = 20"]
