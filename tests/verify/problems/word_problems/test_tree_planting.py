from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.tree_planting import FAMILY

KNOWN = [
    ({"form": "with_ends", "way": 100, "gap": 5}, 21),
    ({"form": "without_ends", "way": 100, "gap": 5}, 19),
    ({"form": "both_sides", "way": 100, "gap": 5}, 42),
    ({"form": "loop", "way": 60, "gap": 6, "small_gap": 2}, 20),
    ({"form": "filled", "way": 60, "gap": 6, "small_gap": 2}, 40),
    ({"form": "anew", "way": 48, "gap": 6, "new_gap": 8}, 4),
]
"""Places 8, 16, 32 and 40 are new; 0, 24 and 48 stay."""


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_trees_are_counted_with_their_gaps(parameters: dict[str, object], answer: int, method: str) -> None:
    assert FAMILY.solve(parameters, method).answer == answer


def test_a_row_with_both_ends_has_one_more_than_it_has_gaps() -> None:
    steps = FAMILY.solve(KNOWN[0][0], "per_gap").steps
    assert [step.equation for step in steps] == ["100 ÷ 5 = 20", "20 + 1 = 21"]


def test_when_every_hole_is_in_place_none_is_dug() -> None:
    assert FAMILY.solve({"form": "anew", "way": 48, "gap": 4, "new_gap": 8}, "whole_row").answer == 0
