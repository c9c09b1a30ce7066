from __future__ import annotations

import pytest

from tanemaki.verify.problems.japanese.fewest_coins import FAMILY


@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_fewest_pieces_are_found(method: str) -> None:
    # 784 = 500 + 100 + 100 + 50 + 10 + 10 + 10 + 1 + 1 + 1 + 1
    assert FAMILY.solve({"scene": "grocer", "form": "two", "prices": [700, 84]}, method).answer == 11
    # 30000 - 19999 = 10001
    change = {"scene": "grocer", "form": "change", "prices": [9999, 9000, 1000], "paid": 30_000}
    assert FAMILY.solve(change, method).answer == 2


@pytest.mark.parametrize("method", FAMILY.methods)
def test_one_note_is_one_piece(method: str) -> None:
    assert FAMILY.solve({"scene": "grocer", "form": "two", "prices": [600, 400]}, method).answer == 1
