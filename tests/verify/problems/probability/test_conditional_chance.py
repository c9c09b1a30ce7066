from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.conditional_chance import FAMILY

TWO = {"n_1": 300, "percent_1": 2, "n_2": 200, "percent_2": 3}


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({**TWO, "form": "marked_of_two"}, "1/2"),
        ({**TWO, "form": "unmarked_of_two"}, "147/244"),
        ({**TWO, "n_3": 400, "percent_3": 5, "form": "marked_of_three"}, "3/16"),
    ],
)
def test_the_origin_of_a_faulty_product_is_weighed(told: dict[str, int], answer: str, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer


def test_bayes_rule_divides_one_way_by_all_ways() -> None:
    steps = FAMILY.solve({**TWO, "form": "marked_of_two"}, "bayes").steps
    assert [step.equation for step in steps] == [
        "300 + 200 = 500",
        "300/500 = 3/5",
        "3/5 × 1/50 = 3/250",
        "200/500 = 2/5",
        "2/5 × 3/100 = 3/250",
        "3/250 + 3/250 = 3/125",
        "3/250 ÷ 3/125 = 1/2",
    ]
