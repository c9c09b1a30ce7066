from __future__ import annotations

import pytest

from tanemaki.verify.problems.statistics.sample_estimate import FAMILY

KNOWN = [
    ({"form": "part", "sample": 40, "marked": 6, "whole": 600}, 90),
    # One in five is black, so there are four white beans for each of the hundred black ones.
    ({"form": "mixed", "sample": 30, "marked": 6, "added": 100}, 400),
    ({"form": "three_samples", "samples": [20, 30, 40], "marks": [2, 3, 5], "added": 50}, 400),
]


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_share_of_the_sample_is_that_of_the_whole(
    parameters: dict[str, object], answer: int, method: str
) -> None:
    assert FAMILY.solve({**parameters, "scene": "seeds"}, method).answer == answer
