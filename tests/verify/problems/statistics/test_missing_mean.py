from __future__ import annotations

import pytest

from tanemaki.verify.problems.statistics.missing_mean import FAMILY

KNOWN = [
    # Four tests with a mean of 70 make 280, five with 74 make 370.
    ({"form": "next", "people": [0], "n": 4, "before": 70, "after": 74}, 90),
    ({"form": "next", "people": [0], "n": 4, "before": 70, "after": 66}, 50),
    # 5 × 80 = 400 less 75 + 82 + 81 = 238 leaves 162 for two.
    ({"form": "rest", "people": [0], "scores": [75, 82, 81], "n": 5, "n_rest": 2, "mean": 80}, 81),
    # 30 × 70 = 2100 less 10 × 68 = 680 and 12 × 69 = 828 leaves 592 for eight.
    ({"form": "third_group", "sizes": [10, 12, 8], "means": [68, 69], "mean": 70}, 74),
]


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_what_is_missing_is_found(parameters: dict[str, object], answer: int, method: str) -> None:
    assert FAMILY.solve({**parameters, "scene": "maths"}, method).answer == answer
