from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.logic.logic_grid import FAMILY
from tanemaki.verify.solvers.logic.logic_grid import solve

THREE: dict[str, Any] = {
    "people": [0, 1, 2],
    "values": [["job_1", "job_2", "job_3"], ["pet_1", "pet_2", "pet_3"]],
    "clues": [
        ["not", "job_2", "pet_1"],
        ["is", "job_1", "pet_3"],
        ["is", "b", "job_1"],
        ["not", "a", "job_3"],
    ],
    "asked": "pet_1",
}
"""b has job 1, a job 2, c job 3; b keeps pet 3, a not pet 1 and so pet 2, c keeps pet 1."""


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(("asked", "who"), [("pet_1", "c"), ("pet_2", "a"), ("pet_3", "b")])
def test_the_owner_is_found(asked: str, who: str, method: str) -> None:
    assert FAMILY.solve({**THREE, "asked": asked}, method).answer == who
    assert solve({**THREE, "asked": asked}) == who


def test_a_clue_about_a_job_is_first_turned_into_one_about_a_person() -> None:
    says = [step.say for step in FAMILY.solve(THREE, "one_by_one").steps]
    assert says == [
        "told_job",
        "left_job",
        "last_job",
        "same_job",
        "told_pet",
        "same_job",
        "left_pet",
        "last_pet",
        "asked_pet",
    ]


def test_clues_that_leave_two_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="too many values"):
        solve({**THREE, "clues": THREE["clues"][1:]})
