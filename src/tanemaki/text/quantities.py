"""The numbers, dates and times that a text states, in one form for all ways of writing them, in Japanese and English.

３万５千人, 35,000 people and "thirty-five thousand people" are one quantity; so are 令和8年11月21日, 2026-11-21 and
"November 21, 2026"; 3割, 30％ and "30 percent"; 1.5キロメートル and 1,500 m. What was changed, dropped or made up between
two texts is found with :func:`unsaid`, in both directions.

Not covered: fractions (三分の一 counts as its two numbers), approximations, and whether a number stands at the right thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from tanemaki.text.dates import date_parts, find_dates, find_times
from tanemaki.text.normalise import fold_width
from tanemaki.text.numerals import NUMERAL, find_words, number_words, read_numeral, read_words, show
from tanemaki.text.tables import read_patterns, read_table

Kind = Literal["number", "percent", "date", "time"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number, share, date or time as a text states it."""

    kind: Kind
    value: str
    """Canonical, and in ``unit``: ``1500``, ``0.35``; of a share the per cent; of a date and a time as in
    :mod:`tanemaki.text.dates`."""
    start: int
    end: int
    """Where it stands in the text."""
    text: str
    """As it stands."""
    unit: str = ""
    """Canonical unit of ``data/units.tsv``; empty where none is stated or known."""
    stated: str = ""
    """The value before it was turned into ``unit``: 1.5 of 1.5 km."""
    firm: bool = True
    """False for what is said in passing (一度, "one of them", a list's number): it supports another text, and is never
    missed in one."""


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return every quantity, in the order of the text.

    Digits in addresses on the web and digits glued to letters (``A4``) are none. Cost: a few passes of regular expressions.

    >>> [(q.kind, q.value, q.unit) for q in find_quantities("令和8年、３万５千人の３割が1.5kmを歩いた。")]
    [('date', '2026', ''), ('number', '35000', 'person'), ('percent', '30', ''), ('number', '1500', 'm')]
    >>> [q.value for q in find_quantities("On November 21, 2026, twenty-one people paid $1.2 million.")]
    ['2026-11-21', '21', '1200000']
    >>> find_quantities("一緒に四国へ行けば十分です。")
    ()
    """
    folded = _ADDRESS.sub(_blank, fold_width(text))
    for idiom in read_patterns("tanemaki.text", "numeral_idioms", ("ja",)):
        folded = idiom.sub(_blank, folded)
    passing = [match.span() for match in _PASSING.finditer(folded)]
    found: list[Quantity] = []
    for find in (_dates, _times, _numbers, _in_words):
        new = [replace(one, text=text[one.start : one.end]) for one in find(folded)]
        folded = _without(folded, new)
        found += new
    loosened = (
        replace(one, firm=False)
        if one.kind == "number" and any(start <= one.start < end for start, end in passing)
        else one
        for one in found
    )
    return tuple(sorted(loosened, key=lambda one: one.start))


def unsaid(wanted: Iterable[Quantity], by: Iterable[Quantity]) -> list[Quantity]:
    """Return the firm ones of ``wanted`` that ``by`` does not say, in order.

    A number is said where the value stands in the same unit, or without one on either side. A date is said where its year
    stands somewhere and its month and day stand together; a year may stand as a plain number. 30 % is also said by 0.3 and
    by 30. 午後3時 and "at 3:00" are one time.

    >>> source = find_quantities("1868年10月23日、人口は3万人でした。")
    >>> [q.text for q in unsaid(find_quantities("In October 1868, 30,000 people, 40 of them abroad"), source)]
    ['40']
    """
    said = tuple(by)
    numbers = [one for one in said if one.kind == "number"]
    shares = {one.value for one in said if one.kind == "percent"}
    dates = [date_parts(one.value) for one in said if one.kind == "date"]
    times = {_clock(one.value) for one in said if one.kind == "time"}
    plain = {form for one in numbers for form in (one.value, one.stated)}

    def is_said(one: Quantity) -> bool:
        if one.kind == "date":
            return _is_dated(date_parts(one.value), dates, plain)
        if one.kind == "time":
            return _clock(one.value) in times
        if one.kind == "percent":
            return one.value in shares | plain or show(Decimal(one.value) / 100) in plain
        if one.unit:
            return any(
                (other.unit == one.unit and other.value == one.value)
                or (not other.unit and other.value == one.stated)
                for other in numbers
            ) or (one.unit in _CALENDAR and any(one.stated in date for date in dates))
        in_dates = {part for date in dates for part in date if part}
        return one.value in plain | shares | in_dates or show(Decimal(one.value) * 100) in shares

    return [one for one in wanted if one.firm and not is_said(one)]


_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+")
_CALENDAR = ("year", "month", "day")
_PASSING = re.compile(
    # a list's number, a label, and a count of what the text itself lists
    r"^[-*+#>| \t]{0,12}\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:[.):、](?!\d)|\))"
    r"|(?:手順|ステップ|問題?|設問|質問|例題?|図表?|表|回答|答え?|\b(?:step|question|answer|figure|table|part|problem)|\b(?-i:[QA]))"
    r"[ \t]{0,2}\d{1,2}(?![\d,%万億千-]|\.\d)|第[ \t]?[0-9一二三四五六七八九十]{1,2}[ \t]?(?:章|節|問)"
    r"|(?:次|以下|下記|主|おも)[のな]?に?(?<![\d.])[2-6二三四五六](?:つ|点)"
    r"|(?<![\d.])[2-6二三四五六](?:つ|点)の(?=理由|ポイント|点|要素|特徴|段階|手順|条件|方法|種類|側面|柱|要因|観点|こと)"
    r"|\b(?:two|three|four|five|six|[2-6])[ -](?:main |key |basic |simple |different |important )?"
    r"(?:steps?|points?|parts?|ways?|reasons?|things|kinds|types)\b",
    re.MULTILINE | re.IGNORECASE,
)
_COUNTERS = (
    "つ個人者年月日円本枚回倍割分時秒歳才匹頭台冊杯番目度点組週階歩軒次位名世票勝敗国箱袋駅畳里尺寸丁棟隻羽株条章節巻版"
    "号期代話曲戦班区校社店県市町村種箇ヶか"
)
_NUMBER = re.compile(
    r"(?P<minus>マイナス[ \t]?|氷点下|零下|\bminus[ \t]|(?<![0-9A-Za-z~〜\-−])[-−](?=[0-9]))?(?P<money>[¥$€£])?"
    rf"(?<![A-Za-z_0-9])(?P<run>{NUMERAL})(?P<times>[ \t-]?(?:hundred|thousand|million|billion|trillion|bn)\b)?",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"[ \t]?(?:%|パーセント|percent\b|per cent\b|pct\b)"
    r"|(?P<tenths>割)(?!り|合|れ|る|烹|拠)(?:(?P<rest>[0-9一二三四五六七八九])分)?",
    re.IGNORECASE,
)
_MONEY = {"¥": "JPY", "$": "USD", "€": "EUR", "£": "pound"}
_BN = {"bn": "billion"}


def _blank(match: re.Match[str]) -> str:
    return "\0" * len(match.group())


def _without(folded: str, found: Iterable[Quantity]) -> str:
    letters = list(folded)
    for one in found:
        letters[one.start : one.end] = "\0" * (one.end - one.start)
    return "".join(letters)


def _dates(folded: str) -> Iterator[Quantity]:
    return (Quantity("date", value, start, end, "") for value, start, end in find_dates(folded))


def _times(folded: str) -> Iterator[Quantity]:
    return (Quantity("time", value, start, end, "") for value, start, end in find_times(folded))


def _numbers(folded: str) -> Iterator[Quantity]:
    end = 0
    for match in _NUMBER.finditer(folded):
        if match.start() < end:
            continue  # the 5 of 3割5分
        firm = _counts(folded, match["run"], *match.span("run"))
        if firm is None:
            continue
        value = read_numeral(match["run"])
        if match["times"]:
            word = match["times"].strip(" \t-").lower()
            value *= number_words()[_BN.get(word, word)][0]
        found = _measured(folded, -value if match["minus"] else value, *match.span(), firm, match["money"])
        end = found.end
        yield found


def _in_words(folded: str) -> Iterator[Quantity]:
    for words, start, end in find_words(folded):
        value = read_words(words)
        loose = value == 1 or any(number_words()[word][1] == "loose" for word in words)
        yield _measured(folded, value, start, end, not loose, None)


def _measured(folded: str, value: Decimal, start: int, end: int, firm: bool, money: str | None) -> Quantity:  # noqa: FBT001 - one place calls it
    """Return the quantity that a number and what follows it make."""
    share = _SHARE.match(folded, end)
    if share:
        if share["tenths"]:
            value = value * 10 + (read_numeral(share["rest"]) if share["rest"] else 0)
        return Quantity("percent", show(value), start, share.end(), "", stated=show(value), firm=firm)
    if money:
        return Quantity("number", show(value), start, end, "", _MONEY[money], show(value), firm)
    pattern, known = _units()
    match = pattern.match(folded, end)
    unit, factor = known[match["form"]] if match else ("", Decimal(1))
    end = match.end() if match else end
    return Quantity("number", show(value * factor), start, end, "", unit, show(value), firm)


def _counts(folded: str, run: str, start: int, end: int) -> bool | None:
    """Return whether a run is a numeral that counts; False for one said in passing, None for letters of a word."""
    if any(letter.isascii() for letter in run):
        return True
    units = set(run) & set("十百千万億兆")
    if folded[start - 1 : start] == "第" and start:
        return run != "一"
    if len(run) == 1:
        return (
            None
            if run in "万億兆〇零" or folded[end : end + 1] not in _COUNTERS or end == len(folded)
            else run != "一"
        )
    if not units:
        return True if "〇" in run or "零" in run or len(run) > 2 else None  # noqa: PLR2004 - 二三 is "a few"
    return True if run[0] not in "万億兆" else None


@lru_cache(maxsize=1)
def _units() -> tuple[re.Pattern[str], dict[str, tuple[str, Decimal]]]:
    known = {
        form.replace("_", " "): (row["unit"], Decimal(row["factor"]))
        for row in read_table("tanemaki.text", "units")
        for form in row["forms"].split()
    }
    forms = "|".join(
        re.escape(form) + (r"(?![A-Za-z])" if form[-1].isascii() and form[-1].isalpha() else "")
        for form in sorted(known, key=len, reverse=True)
    )
    return re.compile(rf"[ \t-]?(?P<form>{forms})"), known


def _is_dated(date: tuple[str, str, str], dates: list[tuple[str, str, str]], numbers: set[str]) -> bool:
    year, month, day = date
    if year and year not in numbers and all(other[0] != year for other in dates):
        return False
    if day:
        return any(other[1:] == (month, day) for other in dates)
    return not month or any(other[1] == month for other in dates)


def _clock(value: str) -> str:
    hours, minutes = value.split(":")
    return f"{int(hours) % 12}:{minutes}"
