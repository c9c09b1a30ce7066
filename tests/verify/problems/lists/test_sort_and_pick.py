from __future__ import annotations

import pytest

from tanemaki.verify.problems.lists.sort_and_pick import FAMILY

VALUES = [250, 310, 240, 299, 305]


@pytest.mark.parametrize(
    ("form", "k", "answer"), [("largest", 2, 305), ("smallest", 3, 299), ("largest", 5, 240)]
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_place_is_counted_from_the_right_end(form: str, k: int, answer: int, method: str) -> None:
    assert FAMILY.solve({"scene": "jump", "form": form, "k": k, "values": VALUES}, method).answer == answer


def test_what_was_struck_out_is_not_compared_again() -> None:
    steps = FAMILY.solve(
        {"scene": "jump", "form": "largest", "k": 2, "values": [3, 9, 5]}, "strike_out"
    ).steps
    assert [step.equation for step in steps] == ["max(3, 9, 5) = 9", "max(3, 5) = 5"]
