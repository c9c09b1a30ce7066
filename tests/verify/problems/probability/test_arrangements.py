from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.arrangements import FAMILY


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("asked", "answer"),
    [("ends", 36), ("together", 48), ("apart", 72), ("not_together", 72), ("some_end", 84)],
)
def test_three_and_two_stand_in_a_row(asked: str, answer: int, method: str) -> None:
    assert FAMILY.solve({"n_first": 3, "n_second": 2, "asked": asked}, method).answer == answer


@pytest.mark.parametrize("method", FAMILY.methods)
def test_four_and_three_stand_apart_in_the_gaps(method: str) -> None:
    """24 rows of four, with 5 × 4 × 3 ways into the gaps."""
    assert FAMILY.solve({"n_first": 4, "n_second": 3, "asked": "apart"}, method).answer == 1440
