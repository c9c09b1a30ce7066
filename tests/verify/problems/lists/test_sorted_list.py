from __future__ import annotations

import pytest

from tanemaki.verify.problems.lists.sorted_list import FAMILY


@pytest.mark.parametrize("method", FAMILY.methods)
def test_a_list_is_put_in_order_either_way(method: str) -> None:
    list_ = {"scene": "rooms", "values": [40, 7, 91]}
    assert FAMILY.solve({**list_, "form": "sort_up"}, method).answer == [7, 40, 91]
    assert FAMILY.solve({**list_, "form": "sort_down"}, method).answer == [91, 40, 7]


@pytest.mark.parametrize("method", FAMILY.methods)
def test_what_is_there_twice_stays_once(method: str) -> None:
    once = {"scene": "rooms", "form": "once_up", "values": [5, 3, 5, 3, 9]}
    assert FAMILY.solve(once, method).answer == [3, 5, 9]
    merged = {"scene": "rooms", "form": "merge_down", "values": [5, 3], "others": [8, 5]}
    assert FAMILY.solve(merged, method).answer == [8, 5, 3]
