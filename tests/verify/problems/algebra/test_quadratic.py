from __future__ import annotations

import pytest

from tanemaki.verify.problems.algebra.quadratic import FAMILY, slots

EVERY = pytest.mark.parametrize("method", FAMILY.methods)
AL_KHWARIZMI = {"left": [1, 10, 0], "right": [0, 0, 39]}
"""One square and ten roots are equal to 39: the root is 3. (The other one, -13, he leaves out.)"""


@EVERY
def test_the_square_and_ten_roots_of_al_khwarizmi(method: str) -> None:
    assert slots(AL_KHWARIZMI, {}) == {"equation": "x² + 10x = 39"}
    assert FAMILY.solve(AL_KHWARIZMI, method).answer == [-13, 3]


@EVERY
def test_a_leading_coefficient_gives_a_fraction(method: str) -> None:
    assert FAMILY.solve({"left": [2, 7, -15], "right": [0, 0, 0]}, method).answer == [-5, "3/2"]


@EVERY
def test_what_all_terms_share_is_divided_out(method: str) -> None:
    worked = FAMILY.solve({"left": [3, -2, -10], "right": [0, 1, 8]}, method)
    assert worked.answer == [-2, 3]
    assert [s.equation for s in worked.steps[:2]] == ["3x² - 3x - 18 = 0", "x² - x - 6 = 0"]


def test_factoring_splits_and_groups() -> None:
    steps = FAMILY.solve({"left": [2, 7, -15], "right": [0, 0, 0]}, "factoring").steps
    assert [step.equation for step in steps] == [
        "10 × (-3) = -30",
        "10 + (-3) = 7",
        "2x² - 3x + 10x - 15 = 0",
        "x(2x - 3) + 5(2x - 3) = 0",
        "(x + 5)(2x - 3) = 0",
        "x = -5",
        "x = 3 ÷ 2 = 3/2",
    ]
