"""Numbers as people write them, and units that stand behind them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tanemaki.text.written_numbers import find_written, has_number_word, is_unreadable, plain, unit_after


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("３／４", ["3/4"]),
        ("四分の三", ["3/4"]),
        ("1と四分の三", ["7/4"]),
        ("1 3/4", ["7/4"]),
        ("2¾", ["11/4"]),
        (r"1\frac{3}{4}", ["7/4"]),
        (r"\dfrac34", ["3/4"]),
        ("三百二十一", ["321"]),
        ("1億2千万", ["120000000"]),
        ("-3.5", ["-7/2"]),
        ("マイナス三", ["-3"]),
        ("12,000と3", ["12000", "3"]),
        ("2割5分", ["5/2"]),
        ("3m20cm", ["3", "20"]),
        ("A4とx2", []),
        ("twenty-one", ["21"]),
        ("二人で3個", ["3"]),
        ("5/0", []),
        ("", []),
        ("🍎３個", ["3"]),
        ("ｱ12ﾋﾟｷ", ["12"]),
    ],
)
def test_numbers_are_read_whatever_they_are_written_in(text: str, values: list[str]) -> None:
    assert [str(one.value) for one in find_written(plain(text))] == values


def test_per_cent_and_tenths_are_a_scale() -> None:
    found = [find_written(text)[0] for text in ("25%", "25 percent", "3割", "3")]
    assert [(str(one.value), one.scale) for one in found] == [
        ("25", Fraction(1, 100)), ("25", Fraction(1, 100)), ("3", Fraction(1, 10)), ("3", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "unit"),
    [("12cm²", ("m2", "1/10000")), ("12 km/h", ("m/h", "1000")), ("12dL", ("L", "1/10")), ("12°C", ("C", "1")),
     ("12 cats", None), ("12匹", None), ("12 minutes", ("s", "60"))],
)  # fmt: skip
def test_units_are_known_by_what_they_measure(text: str, unit: tuple[str, str] | None) -> None:
    found = unit_after(plain(text), 2)
    assert (found and (found[0], str(found[1]))) == unit


def test_signs_of_latex_and_markdown_go_and_money_stays() -> None:
    assert plain(r"**\(12\,\text{cm}^2\)**") == "12 cm²"
    assert plain("$5 and $7") == "$5 and $7"
    assert plain("$x = 5$") == "x = 5"
    assert plain("2^20") == "2^20"


def test_what_no_number_stands_for_is_unreadable() -> None:
    assert [is_unreadable(plain(text)) for text in ("0.333...", "3π", r"\sqrt{2}", "0.33")] == [
        True,
        True,
        True,
        False,
    ]


def test_numbers_hide_in_words() -> None:
    assert [has_number_word(text) for text in ("個半", "and a half", "三人", "個です")] == [
        True,
        True,
        True,
        False,
    ]


def test_a_long_line_takes_no_time() -> None:
    assert len(find_written(plain("1/" * 100_000))) < 200_000
    assert find_written(plain("十" * 100_000))[0].in_words
