from __future__ import annotations

import pytest

from tanemaki.verify.problems.statistics.weighted_mean import FAMILY


@pytest.mark.parametrize("method", FAMILY.methods)
def test_a_large_group_weighs_more(method: str) -> None:
    assert FAMILY.solve({"scene": "classes", "groups": [[30, 70], [20, 60]]}, method).answer == 66
    assert FAMILY.solve({"scene": "fish", "groups": [[3, 110], [7, 101]]}, method).answer == "103.7"
