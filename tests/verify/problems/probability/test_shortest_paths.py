from __future__ import annotations

import pytest

from tanemaki.verify.problems.probability.shortest_paths import FAMILY
from tanemaki.verify.solvers.probability.shortest_paths import solve

TOWN = {"east": 4, "north": 3}
"""35 ways in all: C(7, 4)."""


@pytest.mark.parametrize("method", FAMILY.methods)
@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({**TOWN, "form": "by", "by_east": 2, "by_north": 1}, 18),
        ({**TOWN, "form": "round", "shut_east": 2, "shut_north": 1}, 17),
        (
            {**TOWN, "form": "both", "by_east": 1, "by_north": 1, "shut_east": 2, "shut_north": 2},
            8,
        ),
    ],
)
def test_ways_through_a_small_town_are_counted(told: dict[str, int], answer: int, method: str) -> None:
    assert FAMILY.solve(told, method).answer == answer
    assert solve(told) == answer
