from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.cards import FAMILY


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("cards", "asked", "answer"),
    [
        ([1, 2, 3, 4], "even", "1/3"),
        ([1, 2, 3, 4], "odd", "2/3"),
        ([1, 2, 3, 4, 5], "multiple_of_3", "2/5"),
        ([3, 6, 9, 12], "multiple_of_3", "1"),
        ([2, 4, 6, 7], "odd", "1/2"),
    ],
)
def test_two_cards_have_their_sums(cards: list[int], asked: str, answer: str, method: str) -> None:
    assert FAMILY.solve({"cards": cards, "asked": asked}, method).answer == answer


def test_every_pair_is_written_down_once() -> None:
    steps = FAMILY.solve({"cards": [1, 2, 3, 4, 5], "asked": "multiple_of_3"}, "enumeration").steps
    assert [step.slots["found"] for step in steps if step.say == "row"] == [
        "(1, 2), (1, 5)",
        "(2, 4)",
        "(4, 5)",
    ]
    assert [step.slots["first"] for step in steps if step.say == "no_row"] == [3]
