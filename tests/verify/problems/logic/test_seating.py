from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.logic.seating import FAMILY
from tanemaki.verify.solvers.logic.seating import solve

FOUR: dict[str, Any] = {
    "people": [0, 1, 2, 3],
    "clues": [["left", "c", "b", 1], ["opposite", "b", "d"]],
    "asked": "right",
    "of": "c",
}
"""d 0, b 2, c 1, so a is in seat 3; to the right of c comes b."""


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("asked", "of", "found"), [("right", "c", "b"), ("opposite", "a", "c"), ("left", "d", "a")]
)
def test_the_neighbour_is_found(asked: str, of: str, found: str, method: str) -> None:
    told = {**FOUR, "asked": asked, "of": of}
    assert FAMILY.solve(told, method).answer == found
    assert solve(told) == found


def test_counting_goes_on_beyond_the_last_seat() -> None:
    steps = FAMILY.solve({**FOUR, "asked": "right", "of": "a"}, "numbers").steps
    assert [step.equation for step in steps if step.equation] == ["0 + 2 = 2", "2 - 1 = 1", "3 + 1 - 4 = 0"]
