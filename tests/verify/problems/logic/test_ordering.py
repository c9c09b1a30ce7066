from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.logic.ordering import FAMILY
from tanemaki.verify.solvers.logic.ordering import solve

RACE: dict[str, Any] = {
    "scene": "race",
    "people": [0, 1, 2, 3],
    "clues": [["before", "b", "a"], ["behind", "c", "d", 2], ["at", "d", 2]],
    "asked": 3,
}
"""The places 1 and 3 are left, and b is before a: b d a c."""


@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_one_order_that_fits_is_found(method: str) -> None:
    assert FAMILY.solve(RACE, method).answer == "a"
    assert solve(RACE) == "a"


def test_places_are_counted_from_those_known() -> None:
    steps = FAMILY.solve(RACE, "numbers").steps
    assert [step.say for step in steps] == ["start_at", "place", "two_left", "found"]
    assert steps[1].equation == "2 + 2 = 4"


def test_a_row_fills_up() -> None:
    steps = FAMILY.solve(RACE, "row").steps
    assert [step.say for step in steps] == ["row_4", "row_4", "two_left", "row_4", "row_4", "found"]
    rows = [step.slots for step in steps if step.say == "row_4"]
    assert [row["p2"] for row in rows] == ["d", "d", "d", "d"]
    assert [row["p4"] for row in rows] == ["□", "c", "c", "c"]


def test_two_orders_are_never_taken_for_one() -> None:
    with pytest.raises(ValueError, match="too many values"):
        solve({**RACE, "clues": RACE["clues"][1:]})
