from __future__ import annotations

import pytest

from tanemaki.verify.problems.statistics.variance import FAMILY

EIGHT = [2, 4, 4, 4, 5, 5, 7, 9]
"""The usual textbook list: mean 5, variance 4, standard deviation 2."""


@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_textbook_list_has_its_figures(method: str) -> None:
    assert FAMILY.solve({"scene": "quiz", "form": "variance", "values": EIGHT}, method).answer == 4
    assert FAMILY.solve({"scene": "quiz", "form": "deviation", "values": EIGHT}, method).answer == 2
    both = {"scene": "quiz", "form": "difference", "values": [10, 20], "others": EIGHT}
    assert FAMILY.solve(both, method).answer == 21
