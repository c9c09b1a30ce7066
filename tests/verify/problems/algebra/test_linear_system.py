from __future__ import annotations

import pytest

from tanemaki.verify.problems.algebra.linear_system import FAMILY, slots

BOTH = pytest.mark.parametrize("method", FAMILY.methods)


@BOTH
def test_a_pair_is_found_whatever_the_signs(method: str) -> None:
    assert FAMILY.solve({"form": "equations", "first": [3, 2, 12], "second": [5, -2, 4]}, method).answer == [
        2,
        3,
    ]
    assert FAMILY.solve({"form": "equations", "first": [-2, 3, -7], "second": [1, -1, 3]}, method).answer == [
        2,
        -1,
    ]


@BOTH
def test_two_purchases_give_two_prices(method: str) -> None:
    p = {"form": "shop", "first": [3, 5, 770], "second": [4, 2, 700]}
    assert FAMILY.solve(p, method).answer == [140, 70]


def test_both_equations_are_multiplied_where_neither_fits() -> None:
    p = {"form": "equations", "first": [2, 3, 13], "second": [3, -2, 0]}
    steps = FAMILY.solve(p, "elimination").steps
    equations = ["4x + 6y = 26", "9x - 6y = 0", "4x + 9x = 26", "13x = 26", "x = 26 ÷ 13 = 2"]
    assert [step.equation for step in steps] == [*equations, "2 × 2 + 3y = 13", "y = (13 - 4) ÷ 3 = 3"]


def test_the_equations_are_written_without_ones_and_noughts() -> None:
    p = {"form": "equations", "first": [1, -1, 3], "second": [-1, 4, 0]}
    assert slots(p, {}) == {"equation": "x - y = 3", "other_equation": "-x + 4y = 0"}
