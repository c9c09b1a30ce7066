from __future__ import annotations

import pytest

from tanemaki.verify.problems.japanese.large_amounts import FAMILY

KNOWN = [
    ({"form": "sum", "amounts": [124_300, 89_500]}, "21億3800万"),
    ({"form": "sum", "amounts": [124_300, 85_700]}, "21億"),
    ({"form": "rest", "amounts": [50_000, 20_400, 30_500]}, "3億9900万"),
    ({"form": "saved", "times": 6, "amounts": [34_200, 20_000, 219_000]}, "6200万"),
]


@pytest.mark.parametrize(("parameters", "answer"), KNOWN)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_amounts_are_carried_and_borrowed(parameters: dict[str, object], answer: str, method: str) -> None:
    assert FAMILY.solve({**parameters, "scene": "city"}, method).answer == answer
