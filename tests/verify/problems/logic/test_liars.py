from __future__ import annotations

from typing import Any

import pytest

from tanemaki.verify.problems.logic.liars import FAMILY
from tanemaki.verify.solvers.logic.liars import solve

THREE: dict[str, Any] = {
    "people": [0, 1, 2],
    "statements": [["pair_differ", "b", "c"], ["differ", "a"], ["differ", "b"]],
}
"""a: exactly one of b and c is honest; b: a lies; c: b lies. With a honest, b lies and c is honest: it fits."""


@pytest.mark.parametrize("method", FAMILY.methods)
def test_the_one_way_that_fits_is_found(method: str) -> None:
    assert FAMILY.solve(THREE, method).answer == ["b"]
    assert solve(THREE) == ["b"]


def test_the_case_that_fails_is_shown_first() -> None:
    says = [step.say for step in FAMILY.solve(THREE, "cases").steps]
    assert says == [
        "assume_liar",
        "liar_called_liar",
        "honest_called_liar",
        "fails_liar",
        "assume_honest",
        "honest_called_liar",
        "liar_called_liar",
        "fits_honest",
        "liars_1",
    ]


def test_statements_that_leave_two_ways_are_refused() -> None:
    with pytest.raises(ValueError, match="too many values"):
        solve({"statements": [["differ", "b"], ["differ", "a"], ["same", "a"]]})
