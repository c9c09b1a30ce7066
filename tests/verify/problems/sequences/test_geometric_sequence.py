from __future__ import annotations

import pytest

from tanemaki.verify.problems.sequences.geometric_sequence import FAMILY, slots

BOTH = pytest.mark.parametrize("method", FAMILY.methods)


@BOTH
def test_the_first_eight_squares_of_the_chessboard_hold_255_grains(method: str) -> None:
    p = {"form": "sum", "first": 1, "ratio": [2, 1], "n": 8}
    assert FAMILY.solve(p, method).answer == 255
    assert FAMILY.solve({**p, "form": "term"}, method).answer == 128
    assert FAMILY.solve({**p, "form": "growth"}, method).answer == 256


@BOTH
def test_a_negative_ratio_changes_the_sign(method: str) -> None:
    p = {"form": "part", "first": 5, "ratio": [-2, 1], "start": 3, "n": 6}  # 20 -40 80 -160
    assert FAMILY.solve(p, method).answer == -100


@BOTH
def test_a_ratio_of_a_half_halves(method: str) -> None:
    p = {"form": "sum", "first": 96, "ratio": [1, 2], "n": 6}
    assert [str(slots(p, {})[key]) for key in ("first", "second", "third")] == ["96", "48", "24"]
    assert FAMILY.solve(p, method).answer == 189
