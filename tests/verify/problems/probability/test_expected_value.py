from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.expected_value import FAMILY

LOTTERY = {"tickets": 100, "prizes": [[5000, 1], [1000, 4], [100, 20]]}


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({**LOTTERY, "form": "worth"}, 110),
        ({**LOTTERY, "form": "loss", "price": 150}, 40),
        ({**LOTTERY, "tickets": 400, "form": "worth"}, "27.5"),
    ],
)
def test_a_hundred_tickets_have_their_worth(told: dict[str, int], answer: object, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer


def test_each_prize_adds_its_amount_times_its_chance() -> None:
    steps = FAMILY.solve({**LOTTERY, "form": "worth"}, "definition").steps
    assert [step.equation for step in steps] == [
        "5000 × 1/100 = 50",
        "1000 × 1/25 = 40",
        "100 × 1/5 = 20",
        "50 + 40 + 20 = 110",
    ]
