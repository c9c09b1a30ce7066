from __future__ import annotations

import pytest

from tanemaki.verify.problems.japanese.old_units import FAMILY

RICE = {"scene": "rice", "large": 2, "middle": 3, "small": 4, "first": 10, "second": 10}
"""2斗3升4合 are 234合."""


@pytest.mark.parametrize("method", FAMILY.methods)
def test_rice_is_measured_in_the_smallest_unit(method: str) -> None:
    assert FAMILY.solve({**RICE, "form": "three", "used": 34}, method).answer == 200


@pytest.mark.parametrize("method", FAMILY.methods)
def test_rice_is_told_in_millilitres(method: str) -> None:
    assert FAMILY.solve({**RICE, "form": "today", "used": 34, "today": "180"}, method).answer == 36_000


@pytest.mark.parametrize("method", FAMILY.methods)
def test_a_road_is_told_in_metres_with_a_point(method: str) -> None:
    road = {"scene": "road", "form": "today", "large": 1, "middle": 1, "small": 1, "first": 36, "second": 60}
    # 37 × 60 + 1 = 2221 ken, and 2220 of them are walked.
    assert FAMILY.solve({**road, "used": 2220, "today": "1.8"}, method).answer == "1.8"


def test_two_units_need_one_factor() -> None:
    road = {"scene": "road", "form": "two", "large": 2, "middle": 5, "first": 36, "used": 7}
    assert FAMILY.solve(road, "unit_by_unit").answer == 70
