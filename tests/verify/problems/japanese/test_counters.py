from __future__ import annotations

import pytest

from tanemaki.verify.problems.japanese.counters import FAMILY


@pytest.mark.parametrize("method", FAMILY.methods)
def test_pencils_and_umbrellas_are_long_and_counted_together(method: str) -> None:
    things = [["pencil", 12], ["stamp", 5], ["umbrella", 8], ["dog", 3]]
    assert FAMILY.solve({"form": "pair", "things": things}, method).answer == ["hon", 20]


@pytest.mark.parametrize("method", FAMILY.methods)
def test_a_horse_is_counted_with_cows_and_not_with_dogs(method: str) -> None:
    things = [["horse", 2], ["dog", 9], ["cow", 7], ["crow", 4], ["elephant", 3]]
    assert FAMILY.solve({"form": "three", "things": things}, method).answer == ["tou", 12]
