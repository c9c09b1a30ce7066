from __future__ import annotations

import pytest

from tanemaki.verify.problems.statistics.deviation_score import FAMILY

BASE = {"scene": "school", "people": [0], "mean": 60}
KNOWN = [
    ({"form": "value", "deviation": 10, "score": 60}, 50),
    ({"form": "value", "deviation": 10, "score": 75}, 65),
    ({"form": "value", "deviation": 16, "score": 54}, "46.25"),
    ({"form": "score", "variance": 64, "value": "62.5"}, 70),
    ({"form": "score", "variance": 400, "value": 45}, 50),
    (
        {
            "form": "difference",
            "deviation": 8,
            "score": 68,
            "other_mean": 50,
            "other_deviation": 20,
            "other_score": 55,
        },
        "7.5",
    ),
]


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_scores_are_put_on_the_scale_and_back(
    parameters: dict[str, object], answer: object, method: str
) -> None:
    assert FAMILY.solve({**BASE, **parameters}, method).answer == answer
