"""Numbers, dates and times in all their ways of writing, and what one text says that another does not."""

from __future__ import annotations

import time

import pytest

from tanemaki.text.quantities import find_quantities, unsaid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("二〇二六", ["2026"]),
        ("千二百円", ["1200"]),
        ("3万5千人", ["35000"]),
        ("３万５千人", ["35000"]),
        ("thirty-five thousand people", ["35000"]),
        ("1億2,345万人", ["123450000"]),
        ("1,234.50 yen", ["1234.5"]),
        ("$1.2 million", ["1200000"]),
        ("a hundred thousand", ["100000"]),
        ("two hundred and five and six", ["205", "6"]),
        ("35%", ["35"]),
        ("三割五分", ["35"]),
        ("２割引", ["20"]),
        ("50 per cent", ["50"]),
        ("1.5 km", ["1500"]),
        ("1500メートル", ["1500"]),
        ("-5℃", ["-5"]),
        ("氷点下5度", ["-5"]),
        ("2020-2021", ["2020", "2021"]),
        ("十二人、三匹", ["12", "3"]),
        ("第三回", ["3"]),
        ("", []),
        ("五十嵐さんと四国へ一緒に行けば十分です", []),
        ("三日月の夜、千葉の八百屋で百合を買う", []),
        ("A4の紙、B1階、https://example.com/2026/11", []),
        ("🍎🍎", []),
        ("ｶﾀｶﾅ", []),
    ],
)
def test_numerals_of_every_kind_have_one_value(text: str, expected: list[str]) -> None:
    assert [one.value for one in find_quantities(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和8年11月21日", "2026-11-21"),
        ("2026年（令和8年）11月21日", "2026-11-21"),
        ("令和8年(2026年)", "2026"),
        ("昭和三十九年十月十日", "1964-10-10"),
        ("明治元年", "1868"),
        ("2026/11/21", "2026-11-21"),
        ("November 21st, 2026", "2026-11-21"),
        ("21 Nov. 2026", "2026-11-21"),
        ("May 2026", "2026-05"),
        ("794年", "794"),
        ("11月21日", "--11-21"),
    ],
)
def test_dates_of_both_calendars_are_one(text: str, expected: str) -> None:
    assert find_quantities(text)[0].value == expected
    assert find_quantities(text)[0].kind == "date"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("3年間、5か月後", ["number", "number"]),
        ("午後3時から", ["time"]),
        ("3時間", ["number"]),
        ("一時は", []),
        ("13月", ["number"]),
    ],
)
def test_spans_of_time_are_no_dates(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in find_quantities(text) if one.firm] == kinds


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3割", "30 percent"),
        ("30%", "0.3"),
        ("午後3時", "15:00"),
        ("3 p.m.", "午後3時"),
        ("90分", "1.5 hours"),
        ("令和8年11月21日", "November 21, 2026"),
        ("19世紀", "19 centuries"),
        ("1868年", "in 1868"),
        ("高さ634メートル", "| 634 |"),
        ("40歳", "40 years old"),
        ("十二人", "twelve people"),
    ],
)
def test_the_same_quantity_in_other_words_is_said(one: str, other: str) -> None:
    assert unsaid(find_quantities(one), find_quantities(other)) == []
    assert unsaid(find_quantities(other), find_quantities(one)) == []


@pytest.mark.parametrize(
    ("output", "source"),
    [
        ("634キロ", "333メートル"),
        ("5km", "5m"),
        ("3割", "3人"),
        ("1868年10月24日", "1868年10月23日"),
        ("1868年10月", "1868年"),
        ("午後4時", "午後3時"),
        ("thirty", "thirteen"),
        ("-5℃", "5℃"),
        ("3万5千", "3万5百"),
    ],
)
def test_another_quantity_is_not_said(output: str, source: str) -> None:
    assert len(unsaid(find_quantities(output), find_quantities(source))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "1. 混ぜる\n2. 焼く",
        "手順2：焼く",
        "Step 3: bake",
        "Q1: なぜ？",
        "次の三つの点",
        "three reasons",
        "一度だけ",
        "one of them",
        "the third time",
    ],
)
def test_what_is_said_in_passing_is_never_missed(text: str) -> None:
    assert unsaid(find_quantities(text), ()) == []


def test_a_quantity_stands_where_it_says() -> None:
    text = "　３万５千人が１．５ｋｍ、そして twenty-one people が歩いた。"
    assert [text[one.start : one.end] for one in find_quantities(text)] == [
        "３万５千人",
        "１．５ｋｍ",
        "twenty-one people",
    ]
    assert all(one.text == text[one.start : one.end] for one in find_quantities(text))


@pytest.mark.parametrize(
    "unit", ["三", "3,", "12:", "年", "one hundred ", "1.", "令和", "第", "，", "#", "ア", "- "]
)
def test_a_very_long_text_is_read_in_seconds(unit: str) -> None:
    started = time.process_time()
    find_quantities((unit * 100_000)[:100_000])
    assert time.process_time() - started < 8  # what grows with the square takes minutes
