"""What two wordings of one problem tell: numbers, each as often, in the same places."""

from __future__ import annotations

import pytest

from tanemaki.verify.told_numbers import exchanged, read_numbers, unmatched


def shown(one: str, other: str) -> tuple[list[str], list[str]]:
    first, second = read_numbers(one), read_numbers(other)
    return [told.shown for told in unmatched(first, second)], [
        told.shown for told in unmatched(second, first)
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("20匹と64本", "六十四本と２０匹"),
        ("1.5 km", "1500 m"),
        ("25%", "0.25ではなく25パーセント".removeprefix("0.25ではなく")),
        ("3割", "30%"),
        ("twelve boxes of 3", "12 boxes of three"),
        ("1つも", "一つも"),
        ("1 box", "one box"),
        ("2024年5月3日", "二〇二四年五月三日"),
        ("3/4", "四分の三"),
        ("九脚ずつ", "9脚ずつ"),
    ],
)
def test_one_quantity_may_be_written_in_many_ways(one: str, other: str) -> None:
    assert shown(one, other) == ([], [])


@pytest.mark.parametrize(
    ("one", "other", "lost", "new"),
    [
        ("20匹と64本", "20匹と46本", ["64"], ["46"]),
        ("1.5 km", "1500 km", ["1.5"], ["1500"]),
        ("3匹と3匹", "3匹", ["3"], []),
        ("A6B + 3", "A7B + 3", ["6"], ["7"]),
        ("the second takes 1 hour", "the second takes 2 hours", ["1"], ["2"]),
        ("3/4", "4/3", ["3/4"], ["4/3"]),
        ("5 m", "5 cm", ["5"], ["5"]),
    ],
)
def test_what_is_lost_and_what_is_new_is_told(one: str, other: str, lost: list[str], new: list[str]) -> None:
    assert shown(one, other) == (lost, new)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("合わせて20匹、足は64本", "合わせて64匹、足は20本"),
        ("3 × 5 + 2", "5 × 3 + 2"),
        ("8、3、5の順", "3、8、5の順"),
        ("3 apples and 5 pears", "5 apples and 3 pears"),
    ],
)
def test_numbers_that_change_places_are_seen(one: str, other: str) -> None:
    assert shown(one, other) == ([], [])
    assert exchanged(read_numbers(one), read_numbers(other)) is not None
    assert exchanged(read_numbers(one), read_numbers(one)) is None
