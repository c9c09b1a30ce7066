"""Answer keys: right, wrong, or nothing that shows either. What is called right must be."""

from __future__ import annotations

import time

import pytest

from tanemaki.text.answer_key import fits_key


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("42", "42"),
        ("答えは４２です。", "42"),
        ("42個", "42"),
        ("四十二", "42"),
        ("forty-two", "42"),
        ("12.0", "12"),
        ("1,500円です", "1500円"),
        ("1.5km", "1500メートル"),
        ("午後3時", "15時"),
        ("３０％", "0.3"),
        ("x = 12", "12"),
        ("3 + 9 = 12", "12"),
        ("りんごは3個", "3"),
        ("全部で12本になります。", "12"),
        ("長さは1.5キロメートルです", "1500m"),
        ("3個と5個", "3, 5"),
        ("答えは、12個となります。", "12"),
        ("12 plants in all", "12"),
        ("a total of 12 plants", "12"),
        ("There are 12 apples.", "12"),
        ("the total is 12", "12"),
        ("(b)", "B"),
        ("イ：東京", "イ"),
        ("B) 12個", "(B)"),
        ("3/4", "0.75"),
        ("\\frac{3}{4}", "3/4"),
        ("-6/8", "-3/4"),
        ("4分の3", "3/4"),
        ("三分の一", "1/3"),
        ("[1, 2, 3]", "1, 2, 3"),
        ("正しい", "true"),
        ("火曜日", "Tuesday"),
        ("ﾃﾝｸﾞｻ", "テングサ。"),
        ("x^2 + 1", "x^2+1"),
    ],
)
def test_what_is_shown_to_be_right(answer: str, key: str) -> None:
    assert fits_key(answer, key) is True


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("43", "42"),
        ("13個", "12"),
        ("-3", "3"),
        ("3 + 9 = 13", "12"),
        ("わかりません。", "42"),
        ("100円", "100ドル"),
        ("ウ", "イ"),
        ("(C)", "B"),
        ("0.34", "1/3"),
        ("1/4", "3/4"),
        ("偽", "true"),
        ("水曜日", "Tuesday"),
        ("3、4", "5"),
    ],
)
def test_what_is_shown_to_be_wrong(answer: str, key: str) -> None:
    assert fits_key(answer, key) is False


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("10以上", "10"),
        ("7の倍数", "7"),
        ("7で割り切れる数", "7"),
        ("5は違う", "5"),
        ("第3問は難しい", "3"),
        ("a multiple of 7", "7"),
        ("7 is wrong", "7"),
        ("7 squared", "7"),
        ("7ではなくなる", "7"),
        ("12人に3個ずつ", "3, 12"),
        ("約10", "10"),
        ("at least 10", "10"),
        ("10ではない", "10"),
        ("10 or 12", "10"),
        ("12個、つまり1ダース", "12"),
        ("3, 2, 1", "1, 2, 3"),
        ("りんごは3個", "みかんは3個"),
        ("0.33", "1/3"),
        ("2(x+1)", "2x+2"),
        ("x^2", "2x"),
        ("大阪", "東京"),
        ("テングサという海藻", "テングサ"),
        ("テングサ1種", "テングサ"),
        ("どちらとも言えない", "B"),
        ("half a dozen", "6"),
        ("", "12"),
        ("12", ""),
    ],
)
def test_what_shows_nothing_is_neither_right_nor_wrong(answer: str, key: str) -> None:
    assert fits_key(answer, key) is None


def test_no_length_stops_it() -> None:
    long = "12と" * 50_000
    started = time.process_time()
    assert fits_key(long, "12") is None
    assert fits_key(long, long) is True
    assert time.process_time() - started < 2
