from __future__ import annotations

import pytest

from tanemaki.verify.problems.lists.neighbour_swaps import FAMILY


@pytest.mark.parametrize(
    ("values", "answer"), [([2, 1], 1), ([4, 3, 2, 1], 6), ([5, 9, 1, 8, 2], 6), ([1, 2, 3], 0)]
)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_each_pair_in_the_wrong_order_costs_one_swap(values: list[int], answer: int, method: str) -> None:
    assert FAMILY.solve({"scene": "cards", "values": values}, method).answer == answer
