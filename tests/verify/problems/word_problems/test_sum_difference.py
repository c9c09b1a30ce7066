from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.sum_difference import FAMILY

KNOWN = [
    ({"form": "larger", "sum": 50, "more": 12}, 31),
    ({"form": "smaller", "sum": 50, "more": 12}, 19),
    ({"form": "gave", "sum": 60, "given": 8, "more": 4}, 40),
    ({"form": "most", "sum": 60, "more": 5, "further": 8}, 26),
    ({"form": "middle", "sum": 60, "more": 5, "further": 8}, 21),
]
"""40 and 20 become 32 and 28; the three have 26, 21 and 13."""


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_what_each_has_is_right(parameters: dict[str, object], answer: int, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == answer


def test_a_gift_closes_the_gap_by_twice_its_size() -> None:
    steps = FAMILY.solve(KNOWN[2][0], "make_equal").steps
    assert [step.equation for step in steps] == ["8 × 2 = 16", "4 + 16 = 20", "60 + 20 = 80", "80 ÷ 2 = 40"]
