from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.logic.magic_square import FAMILY
from tanemaki.verify.solvers.logic.magic_square import solve

LO_SHU: dict[str, Any] = {"grid": [4, 9, 2, 0, 0, 7, 0, 0, 0], "asked": 7}
"""洛書: 4 9 2, 3 5 7, 8 1 6."""


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(("asked", "number"), [(3, 3), (4, 5), (6, 8), (7, 1), (8, 6)])
def test_the_square_of_the_river_luo_is_completed(asked: int, number: int, method: str) -> None:
    assert FAMILY.solve({**LO_SHU, "asked": asked}, method).answer == number
    assert solve({**LO_SHU, "asked": asked}) == number


def test_the_middle_is_a_third_of_the_sum() -> None:
    steps = FAMILY.solve(LO_SHU, "centre").steps
    assert [step.equation for step in steps] == ["4 + 9 + 2 = 15", "15 ÷ 3 = 5", "5 × 2 = 10", "10 - 9 = 1"]


def test_nobody_needs_the_sum_where_the_middle_is_given() -> None:
    steps = FAMILY.solve({"grid": [4, 9, 2, 3, 5, 7, 8, 0, 6], "asked": 7}, "centre").steps
    assert [step.equation for step in steps] == ["5 × 2 = 10", "10 - 9 = 1"]
