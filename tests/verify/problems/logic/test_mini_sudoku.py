from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.logic.mini_sudoku import FAMILY
from tanemaki.verify.solvers.logic.mini_sudoku import solve

SMALL: dict[str, Any] = {
    "size": 4,
    "grid": [1, 2, 3, 4, 3, 4, 1, 2, 2, 1, 4, 3, 0, 0, 0, 0],
    "asked": [14, 15],
}
"""The last row is 4 3 2 1, from the columns."""


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(("asked", "number"), [([12], 4), ([13], 3), ([12, 13], 7), ([12, 13, 14, 15], 10)])
def test_the_numbers_of_cells_are_found_and_added(asked: list[int], number: int, method: str) -> None:
    assert FAMILY.solve({**SMALL, "asked": asked}, method).answer == number
    assert solve({**SMALL, "asked": asked}) == number


def test_a_cell_says_what_it_sees_and_cells_that_are_not_needed_stay_empty() -> None:
    steps = FAMILY.solve(SMALL, "by_cell").steps
    assert (steps[0].say, steps[0].slots) == (
        "only_number",
        {"row": 4, "column": 3, "number": 2, "others": "1, 3, 4"},
    )
    assert [step.equation for step in steps] == ["", "", "2 + 1 = 3"]


def test_a_grid_with_two_fillings_is_refused() -> None:
    with pytest.raises(ValueError, match="too many values"):
        solve({**SMALL, "grid": [0] * 16})
