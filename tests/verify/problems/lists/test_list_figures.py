from __future__ import annotations

import pytest

from tanemaki.verify.problems.lists.list_figures import FAMILY

VALUES = [12, 15, 10, 15, 18]
KNOWN = [
    ("total", VALUES, 70),
    ("largest", VALUES, 18),
    ("smallest", VALUES, 10),
    ("range", VALUES, 8),
    ("mean", VALUES, 14),
    ("mode", VALUES, 15),
    ("median", VALUES, 15),
    ("median", [4, 1, 3, 8], "3.5"),
    ("mean", [1, 2, 3, 4, 8], "3.6"),
    ("mean_less_median", [1, 2, 3, 4, 8], "0.6"),
]


@pytest.mark.parametrize(("asked", "values", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_each_figure_is_found(asked: str, values: list[int], answer: object, method: str) -> None:
    assert FAMILY.solve({"scene": "scores", "asked": asked, "values": values}, method).answer == answer
