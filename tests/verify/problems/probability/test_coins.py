from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.coins import FAMILY

GAME = {"tosses": 5, "gain": 2, "loss": 1, "start": 5}
"""With k heads in five tosses the total is 3k."""


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({**GAME, "asked": "exactly", "limit": 9}, "5/16"),
        ({**GAME, "asked": "at_least", "limit": 12}, "3/16"),
        ({**GAME, "asked": "at_most", "limit": 3}, "3/16"),
        ({**GAME, "asked": "exactly", "limit": 3}, "5/32"),
    ],
)
def test_five_tosses_have_their_totals(told: dict[str, int], answer: str, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer


def test_the_number_of_heads_is_found_first() -> None:
    steps = FAMILY.solve({**GAME, "asked": "exactly", "limit": 9}, "formula").steps
    assert [step.equation for step in steps if step.equation] == [
        "5 + 2x - (5 - x) = 9",
        "x = (9 - 5 + 5) ÷ (2 + 1) = 3",
        "2^5 = 32",
        "C(5, 3) = 10",
        "10/32 = 5/16",
    ]
