from __future__ import annotations

import pytest

from tanemaki.verify.problems.algebra.linear_inequality import FAMILY

BOTH = pytest.mark.parametrize("method", FAMILY.methods)


@BOTH
@pytest.mark.parametrize(
    ("form", "sign", "answer"),
    [("largest", "less", 4), ("largest", "at_most", 5), ("smallest", "more", 6), ("smallest", "at_least", 5)],
)
def test_the_border_belongs_to_the_closed_signs_alone(method: str, form: str, sign: str, answer: int) -> None:
    p = {"form": form, "factor": 3, "constant": 5, "sign": sign, "limit": 20}
    assert FAMILY.solve(p, method).answer == answer


@BOTH
def test_a_border_below_nought_is_rounded_the_right_way(method: str) -> None:
    p = {"form": "largest", "factor": 2, "constant": 1, "sign": "less", "limit": -4}
    assert FAMILY.solve(p, method).answer == -3  # x < -5/2


@BOTH
@pytest.mark.parametrize(("form", "sign", "answer"), [("smallest", "less", 4), ("largest", "at_least", 3)])
def test_a_negative_factor_turns_the_sign(method: str, form: str, sign: str, answer: int) -> None:
    p = {"form": form, "factor": -2, "constant": 7, "sign": sign, "limit": 1}
    assert FAMILY.solve(p, method).answer == answer  # -2x + 7 < 1 is x > 3


@BOTH
def test_a_budget_that_is_met_exactly_is_not_exceeded(method: str) -> None:
    p = {"form": "box", "price": 120, "fee": 80, "budget": 800}
    assert FAMILY.solve(p, method).answer == 6


@BOTH
def test_at_the_same_price_the_other_shop_is_not_cheaper(method: str) -> None:
    p = {"form": "shops", "price": 100, "fee": 0, "other_price": 80, "other_fee": 200}
    assert FAMILY.solve(p, method).answer == 11
