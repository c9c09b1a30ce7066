from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.discount import FAMILY

KNOWN = [
    ({"form": "sale", "listed": 2400, "off": 25}, 1800),
    ({"form": "list", "price": 1800, "off": 25}, 2400),
    ({"form": "profit", "cost": 500, "markup": 40, "off": 20}, 60),
    ({"form": "cost", "profit": 60, "markup": 40, "off": 20}, 500),
    ({"form": "lot", "cost": 500, "markup": 40, "off": 20, "number": 10, "at_list": 7}, 7 * 200 + 3 * 60),
]
"""500 yen and 40 % are 700 yen; 20 % off are 560 yen."""


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_prices_and_profits_are_right(parameters: dict[str, object], answer: int, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == answer


def test_rates_are_multiplied_for_the_cost() -> None:
    steps = FAMILY.solve(KNOWN[3][0], "rates").steps
    assert [step.equation for step in steps] == [
        "1 + 0.4 = 1.4",
        "1 - 0.2 = 0.8",
        "1.4 × 0.8 = 1.12",
        "1.12 - 1 = 0.12",
        "60 ÷ 0.12 = 500",
    ]
