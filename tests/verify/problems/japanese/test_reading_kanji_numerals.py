from __future__ import annotations

import pytest

from tanemaki.verify.problems.japanese.reading_kanji_numerals import FAMILY

NUMERALS = [
    ("三千四十二", 3042),
    ("百十", 110),
    ("一万", 10_000),
    ("十万五", 100_005),
    ("三百五億二千万四百", 30_520_000_400),
    ("二兆七", 2_000_000_000_007),
    ("弐拾参万四千参百五拾六", 234_356),
    ("壱百壱拾", 110),
]
"""Written out by hand; the last ones are formal."""


@pytest.mark.parametrize(("numeral", "number"), NUMERALS)
@pytest.mark.parametrize("method", FAMILY.methods)
def test_a_numeral_is_read(numeral: str, number: int, method: str) -> None:
    assert FAMILY.solve({"scene": "ledger", "numeral": numeral}, method).answer == number


def test_groups_are_multiplied_by_their_units() -> None:
    steps = FAMILY.solve({"scene": "ledger", "numeral": "三百五万四十"}, "by_units").steps
    assert [step.equation for step in steps] == [
        "3 × 100 + 5 = 305",
        "305 × 10000 = 3050000",
        "4 × 10 = 40",
        "3050000 + 40 = 3050040",
    ]
