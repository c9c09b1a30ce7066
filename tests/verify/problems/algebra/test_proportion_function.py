from __future__ import annotations

import pytest

from tanemaki.verify.problems.algebra.proportion_function import FAMILY, slots

BOTH = pytest.mark.parametrize("method", FAMILY.methods)
CROSSING = {"form": "crossing", "x": 1, "y": 5, "other_x": 3, "other_y": 11, "factor": -1, "constant": 10}
"""y = 3x + 2 and y = -x + 10 meet in (2, 8)."""


@BOTH
def test_proportion_multiplies_and_inverse_proportion_divides(method: str) -> None:
    assert FAMILY.solve({"form": "direct", "x": 4, "y": 6, "asked": 10}, method).answer == 15
    assert FAMILY.solve({"form": "inverse", "x": 4, "y": 6, "asked": -3}, method).answer == -8


@BOTH
def test_a_line_through_two_points_goes_on(method: str) -> None:
    p = {"form": "line", "x": -1, "y": 7, "other_x": 2, "other_y": 1, "asked": 5}
    assert FAMILY.solve(p, method).answer == -5


@BOTH
def test_two_lines_cross_in_one_point(method: str) -> None:
    assert slots(CROSSING, {})["second_line"] == "y = -x + 10"
    assert FAMILY.solve(CROSSING, method).answer == 8
