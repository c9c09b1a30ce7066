from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.dice_sum import FAMILY

TWO = {"form": "two", "sides_1": 6, "sides_2": 6}


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({**TWO, "asked": "at_least", "limit": 3}, "35/36"),
        ({**TWO, "asked": "exactly", "limit": 7}, "1/6"),
        ({**TWO, "asked": "at_most", "limit": 4}, "1/6"),
        (
            {"form": "three", "sides_1": 6, "sides_2": 6, "sides_3": 6, "asked": "at_least", "limit": 5},
            "53/54",
        ),
    ],
)
def test_ordinary_dice_have_their_chances(told: dict[str, int], answer: str, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer


def test_the_complement_of_a_sum_of_three_or_more_is_a_double_one() -> None:
    steps = FAMILY.solve({**TWO, "asked": "at_least", "limit": 3}, "complement").steps
    assert [step.equation or step.slots["found"] for step in steps] == [
        "6 × 6 = 36",
        "(1, 1)",
        "36 - 1 = 35",
        "35 ÷ 36 = 35/36",
    ]


def test_enumerating_a_large_event_goes_by_the_first_number() -> None:
    steps = FAMILY.solve({**TWO, "asked": "at_least", "limit": 4}, "enumeration").steps
    assert [step.slots["values"] for step in steps if step.say == "row"] == [
        "3, 4, 5, 6",
        "2, 3, 4, 5, 6",
        *["1, 2, 3, 4, 5, 6"] * 4,
    ]


def test_where_few_outcomes_are_meant_the_second_way_goes_by_the_first_number() -> None:
    steps = FAMILY.solve({**TWO, "asked": "at_least", "limit": 10}, "complement").steps
    assert [(step.slots["first"], step.slots["values"]) for step in steps if step.say == "row"] == [
        (4, "6"),
        (5, "5, 6"),
        (6, "4, 5, 6"),
    ]
    assert [step.equation for step in steps if step.equation] == ["6 × 6 = 36", "1 + 2 + 3 = 6", "6/36 = 1/6"]
