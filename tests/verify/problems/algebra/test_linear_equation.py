from __future__ import annotations

import pytest

from tanemaki.verify.problems.algebra.linear_equation import FAMILY, slots

BOTH = pytest.mark.parametrize("method", FAMILY.methods)
FRACTIONS = {"form": "equation", "left": [[1, 2, 1, 3]], "right": [[1, 1, -1, 2], [1, 0, 2, 1]]}


@BOTH
def test_three_x_plus_five_is_twenty_for_five(method: str) -> None:
    p = {"form": "equation", "left": [[1, 3, 5, 1]], "right": [[1, 0, 20, 1]]}
    assert slots(p, {}) == {"equation": "3x + 5 = 20"}
    assert FAMILY.solve(p, method).answer == 5


@BOTH
def test_fractions_are_cleared_first(method: str) -> None:
    assert slots(FRACTIONS, {}) == {"equation": "(2x + 1)/3 = (x - 1)/2 + 2"}
    worked = FAMILY.solve(FRACTIONS, method)
    assert worked.answer == 7
    assert worked.steps[0].equation == "2(2x + 1) = 3(x - 1) + 12"


@BOTH
def test_brackets_are_opened(method: str) -> None:
    p = {"form": "equation", "left": [[4, 1, -3, 1]], "right": [[2, 1, 5, 1], [1, 0, -6, 1]]}
    assert slots(p, {}) == {"equation": "4(x - 3) = 2(x + 5) - 6"}
    assert FAMILY.solve(p, method).answer == 8


@BOTH
def test_what_does_not_come_out_even_is_a_fraction(method: str) -> None:
    p = {"form": "equation", "left": [[1, 5, 3, 1]], "right": [[1, 2, 10, 1]]}
    assert FAMILY.solve(p, method).answer == "7/3"


def test_a_term_changes_its_sign_when_it_is_moved() -> None:
    p = {"form": "equation", "left": [[1, 5, -4, 1]], "right": [[1, 2, 11, 1]]}
    steps = FAMILY.solve(p, "transpose").steps
    assert [step.equation for step in steps] == ["5x - 2x = 11 + 4", "3x = 15", "x = 15 ÷ 3 = 5"]
