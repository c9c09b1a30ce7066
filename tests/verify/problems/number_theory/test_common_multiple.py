from __future__ import annotations

import pytest

from tanemaki.verify.problems.number_theory.common_multiple import FAMILY

BOTH = pytest.mark.parametrize("method", FAMILY.methods)


@BOTH
def test_buses_every_twelve_and_eighteen_minutes_meet_after_thirty_six(method: str) -> None:
    assert FAMILY.solve({"form": "bus", "first": 12, "second": 18}, method).answer == 36


@BOTH
def test_a_sheet_of_84_by_60_is_cut_into_squares_of_12(method: str) -> None:
    assert FAMILY.solve({"form": "cut", "first": 84, "second": 60}, method).answer == 12


@BOTH
def test_a_bag_holds_a_share_of_each_of_three_kinds(method: str) -> None:
    p = {"form": "share_three", "first": 24, "second": 36, "third": 60}
    assert FAMILY.solve(p, method).answer == 2 + 3 + 5


@BOTH
def test_three_lines_meet_after_their_least_common_multiple(method: str) -> None:
    assert FAMILY.solve({"form": "buses", "first": 6, "second": 8, "third": 7}, method).answer == 168


def test_euclid_divides_until_nothing_is_left() -> None:
    steps = FAMILY.solve({"form": "cut", "first": 84, "second": 60}, "euclid").steps
    assert [s.equation for s in steps] == ["", "84 = 60 × 1 + 24", "60 = 24 × 2 + 12", "24 = 12 × 2", ""]
