from __future__ import annotations

import pytest

from tanemaki.verify.problems.logic.measuring_jugs import FAMILY
from tanemaki.verify.solvers.logic.measuring_jugs import solve


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("large", "small", "wanted", "steps"),
    [(5, 3, 4, 6), (5, 3, 1, 4), (5, 3, 2, 2), (7, 3, 5, 8), (7, 4, 6, 6)],
)
def test_the_fewest_steps_are_found(large: int, small: int, wanted: int, steps: int, method: str) -> None:
    problem = {"large": large, "small": small, "wanted": wanted}
    assert FAMILY.solve(problem, method).answer == steps
    assert solve(problem) == steps


def test_four_litres_from_five_and_three_go_the_known_way() -> None:
    steps = FAMILY.solve({"large": 5, "small": 3, "wanted": 4}, "shorter_way").steps
    held = [(step.slots["in_large"], step.slots["in_small"]) for step in steps if "in_large" in step.slots]
    assert held == [(5, 0), (2, 3), (2, 0), (0, 2), (5, 2), (4, 3)]


def test_what_two_jugs_cannot_measure_is_told() -> None:
    assert solve({"large": 6, "small": 4, "wanted": 3}) == -1
