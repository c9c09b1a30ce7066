from __future__ import annotations

import pytest

from tanemaki.verify.problems.japanese.writing_kanji_numerals import FAMILY

NUMERALS = [
    (3042, "三千四十二"),
    (9110, "九千百十"),
    (10_010, "一万十"),
    (100_005, "十万五"),
    (30_520_000_400, "三百五億二千万四百"),
    (2_000_000_000_007, "二兆七"),
]


@pytest.mark.parametrize(("number", "numeral"), NUMERALS)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_a_number_is_written(number: int, numeral: str, method: str) -> None:
    assert FAMILY.solve({"scene": "exhibition", "number": number}, method).answer == numeral
