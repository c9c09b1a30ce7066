from __future__ import annotations

import pytest

from tanemaki.verify.problems.statistics.quartiles import FAMILY

KNOWN = [
    ("first", [6, 7, 15, 36, 39, 40, 41, 42, 43, 47, 49], 15),
    ("third", [6, 7, 15, 36, 39, 40, 41, 42, 43, 47, 49], 43),
    ("range", [7, 15, 36, 39, 40, 41], 25),
    ("first", [8, 1, 7, 2, 6, 3, 5, 4], "2.5"),
    ("range", [9, 8, 1, 7, 2, 6, 3, 5, 4], 5),
]
"""The first and the third list are the ones with which encyclopaedias show that a single middle value is left out."""


@pytest.mark.parametrize(("form", "values", "answer"), KNOWN)
def test_a_single_middle_value_belongs_to_neither_half(form: str, values: list[int], answer: object) -> None:
    assert FAMILY.solve({"scene": "books", "form": form, "values": values}, "halves").answer == answer


def test_two_ranges_are_compared() -> None:
    both = {"scene": "books", "form": "difference", "values": [1, 5, 9, 20], "others": [1, 2, 3, 4]}
    # 14.5 - 3 = 11.5 and 3.5 - 1.5 = 2
    assert FAMILY.solve(both, "halves").answer == "9.5"
