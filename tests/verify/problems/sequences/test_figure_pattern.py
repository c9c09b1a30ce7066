from __future__ import annotations

import pytest

from tanemaki.verify.problems.sequences.figure_pattern import FAMILY

BOTH = pytest.mark.parametrize("method", FAMILY.methods)


@BOTH
@pytest.mark.parametrize(("sides", "sticks"), [(3, 21), (4, 31), (6, 51)])
def test_ten_figures_in_a_row_need_so_many_sticks(method: str, sides: int, sticks: int) -> None:
    assert FAMILY.solve({"form": "row", "sides": sides, "n": 10}, method).answer == sticks


@BOTH
@pytest.mark.parametrize(("sticks", "figures"), [(31, 10), (32, 10), (33, 10), (34, 11)])
def test_sticks_that_make_no_square_are_left(method: str, sticks: int, figures: int) -> None:
    assert FAMILY.solve({"form": "figures", "sides": 4, "sticks": sticks}, method).answer == figures


@BOTH
def test_corners_are_counted_once(method: str) -> None:
    assert FAMILY.solve({"form": "border", "rows": 8, "columns": 8}, method).answer == 28
    assert FAMILY.solve({"form": "border", "rows": 3, "columns": 5}, method).answer == 12


@BOTH
def test_a_hollow_square_of_three_layers_with_twelve_outside_has_108(method: str) -> None:
    assert FAMILY.solve({"form": "hollow", "rows": 12, "columns": 12, "layers": 3}, method).answer == 108
