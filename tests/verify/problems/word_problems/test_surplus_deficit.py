from __future__ import annotations

import pytest

from tanemaki.verify.problems.word_problems.surplus_deficit import FAMILY

SHARED = {"form": "people", "low": 7, "left": 4, "high": 8, "short": 3}
"""The Nine Chapters, chapter 7, problem 1: if each pays 8, 3 are over; if each pays 7, 4 are lacking; 7 people, price 53.
Here the price is shared out."""
BENCHES = {"form": "benches", "low": 4, "left": 7, "high": 5, "last": 3, "empty": 2}
"""19 benches and 83 people: 4 × 19 + 7, and 16 full benches of 5 with one of 3."""


@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_first_problem_of_the_chapter_has_its_answer(method: str) -> None:
    assert FAMILY.solve(SHARED, method).answer == 7
    assert FAMILY.solve({**SHARED, "form": "things"}, method).answer == 53


@pytest.mark.parametrize("method", FAMILY.methods)
def test_both_may_leave_something(method: str) -> None:
    left = {"form": "both_left", "low": 3, "left": 25, "high": 5, "less": 5}
    assert FAMILY.solve(left, method).answer == 55


@pytest.mark.parametrize("method", FAMILY.methods)
def test_empty_benches_count_as_free_places(method: str) -> None:
    assert FAMILY.solve(BENCHES, method).answer == 83
