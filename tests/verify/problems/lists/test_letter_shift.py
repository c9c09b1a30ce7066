from __future__ import annotations

import pytest

from tanemaki.verify.problems.lists.letter_shift import FAMILY


@pytest.mark.parametrize("method", FAMILY.methods)
def test_caesar_moves_three_places_and_back(method: str) -> None:
    assert FAMILY.solve({"form": "write", "word": "CAESAR", "shift": 3}, method).answer == "FDHVDU"
    assert FAMILY.solve({"form": "read", "word": "FDHVDU", "shift": 3}, method).answer == "CAESAR"


def test_after_z_comes_a() -> None:
    written = FAMILY.solve({"form": "write", "word": "XYZ", "shift": 2}, "numbers")
    assert written.answer == "ZAB"
    assert [step.equation for step in written.steps[1:4]] == [
        "24 + 2 = 26",
        "25 + 2 - 26 = 1",
        "26 + 2 - 26 = 2",
    ]
