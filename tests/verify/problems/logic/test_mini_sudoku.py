from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.logic.mini_sudoku import FAMILY
from tanemaki.verify.solvers.logic.mini_sudoku import solve

SMALL: dict[str, Any] = {
    "size": 4,
    "grid": [1, 2, 3, 4, 3, 4, 1, 2, 2, 1, 4, 3, 0, 0, 0, 0],
    "asked": 15,
}
"""The last row is 4 3 2 1, from the columns."""


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(("asked", "number"), [(12, 4), (13, 3), (14, 2), (15, 1)])
def test_the_number_of_a_cell_is_found(asked: int, number: int, method: str) -> None:
    assert FAMILY.solve({**SMALL, "asked": asked}, method).answer == number
    assert solve({**SMALL, "asked": asked}) == number


def test_a_cell_says_what_it_sees() -> None:
    first = FAMILY.solve(SMALL, "by_cell").steps[0]
    assert (first.say, first.slots) == (
        "only_number",
        {"row": 4, "column": 1, "number": 4, "others": "1, 2, 3"},
    )


def test_a_grid_with_two_fillings_is_refused() -> None:
    with pytest.raises(ValueError, match="too many values"):
        solve({**SMALL, "grid": [0] * 16})
