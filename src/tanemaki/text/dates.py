"""Dates and times in a text, in both calendars and both languages, as one canonical form.

A date is ``2026-11-21``, ``2026-11``, ``2026`` or, without a year, ``--11-21`` and ``--11``; a time is ``15:30``. Works on
text whose widths are unified (:func:`tanemaki.text.normalise.fold_width`).

Not covered: months of the lunar calendar (read as if of the common one), spans of time, relative dates (翌年, "last May").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tanemaki.text.numerals import KANJI_DIGITS, read_numeral, show
from tanemaki.text.tables import read_table

Place = tuple[str, int, int]
"""Canonical form, and where it stands."""

_NOON, _LAST_MONTH, _LAST_DAY = 12, 12, 31
_YEAR = rf"(?:[0-9]{{4}}|[{KANJI_DIGITS}]{{4}})"
_SMALL = r"(?:[0-9]{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_MONTH_DAY = rf"[ \t]?(?P<m>{_SMALL})[ \t]?月(?![間前後]|以)(?:[ \t]?(?P<d>{_SMALL})[ \t]?日(?!間|以))?"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH = (
    r"(?P<m>(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\.?)"
)
_PATTERNS = (
    rf"(?P<y>{_YEAR})[ \t]?年(?!間)(?:(?:[ \t]?\([^()\n]{{1,12}}\))?{_MONTH_DAY})?",
    rf"(?P<era>ERAS)(?P<n>元|{_SMALL})年(?!間)(?:(?:[ \t]?\([^()\n]{{1,12}}\))?{_MONTH_DAY})?",
    r"(?<![\d.,])(?P<y>[0-9]{3})年(?!間|[前後]|以)",
    rf"(?<![か数何毎箇ヶカヵケ\d])(?P<m>{_SMALL})[ \t]?月[ \t]?(?P<d>{_SMALL})[ \t]?日(?!間)",
    rf"(?<![か数何毎箇ヶカヵケ\d])(?P<m>{_SMALL})月(?![間前後見曜日桂夜]|以)",
    r"(?<![\d./-])(?P<y>[12]\d{3})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\d/-])",
    rf"\b{_MONTH}[ \t]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?[ \t]+(?P<y>\d{{4}}))?\b(?![:\d])",
    rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:[ \t]+of)?[ \t]+{_MONTH}(?:,?[ \t]+(?P<y>\d{{4}}))?(?![\w:])",
    rf"\b{_MONTH},?[ \t]+(?:of[ \t]+)?(?P<y>\d{{4}})\b",
    r"\b(?P<m>January|February|April|June|July|August|September|October|November|December)\b",
    r"\b(?:in|of|by|to|and|from|since|until|till|through|late|early|last|next)[ \t]+(?P<m>March|May)\b",
)
_TIME = re.compile(
    r"(?P<pm>午後|夜の?)?(?P<am>午前|朝の?)?(?P<h>\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])時"
    r"(?!間|代|点|期|計|刻|々|折|的|に)(?:(?P<min>\d{1,2}|[一二三四五]?十[一二三四五六七八九]?|[一二三四五六七八九])分|(?P<half>半))?"
    r"|(?P<pm4>午後|夜の?)?(?P<am4>午前|朝の?)?(?P<h4>\d{1,2})時(?=に)"
    r"|(?<![\d:])(?P<h2>[0-2]?\d):(?P<min2>[0-5]\d)(?![\d:])(?:[ \t]?(?P<half2>[ap])\.?m\b\.?)?"
    r"|\b(?P<h3>1?\d)[ \t]?(?P<half3>[ap])\.?m\b\.?",
    re.IGNORECASE,
)


def find_dates(folded: str) -> Iterator[Place]:
    """Yield every date; where two readings overlap, the fuller one.

    >>> [
    ...     value
    ...     for value, _, _ in find_dates("昭和20年8月15日、明治元年、11月21日、Nov. 21, 2026、二〇二六年")
    ... ]
    ['2026', '1945-08-15', '1868', '--11-21', '2026-11-21']
    """
    taken: list[tuple[int, int]] = []
    for pattern in _patterns():
        for match in pattern.finditer(folded):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            value = _date_of(match.groupdict())
            if value is not None:
                taken.append(match.span())
                yield value, match.start(), match.end()


def find_times(folded: str) -> Iterator[Place]:
    """Yield every time of the day.

    >>> [value for value, _, _ in find_times("午後3時半から18:05まで、または 7 p.m.に")]
    ['15:30', '18:05', '19:00']
    """
    for match in _TIME.finditer(folded):
        told = match.groupdict()
        hour = told["h"] or told["h2"] or told["h3"] or told["h4"]
        marked = told["pm"] or told["am"] or told["min"] or told["half"] or told["pm4"] or told["am4"]
        if hour == "一" and not marked:
            continue  # 一時 is "for a time"
        hours = int(read_numeral(hour))
        half = (told["half2"] or told["half3"] or "").lower()
        if (told["pm"] or told["pm4"] or half == "p") and hours < _NOON:
            hours += _NOON
        if half == "a" and hours == _NOON:
            hours = 0
        minutes = 30 if told["half"] else int(read_numeral(told["min"] or told["min2"] or "0"))
        yield f"{hours:02}:{minutes:02}", match.start(), match.end()


def date_parts(value: str) -> tuple[str, str, str]:
    """Return year, month and day of a canonical date without leading zeros, empty where it states none.

    >>> date_parts("2026-11-05"), date_parts("--11")
    (('2026', '11', '5'), ('', '11', ''))
    """
    year, month, day, *_ = (*value.removeprefix("-").split("-"), "", "")
    return year, month.lstrip("0"), day.lstrip("0")


@lru_cache(maxsize=1)
def _eras() -> dict[str, int]:
    return {row["era"]: int(row["first_year"]) for row in read_table("tanemaki.text", "eras")}


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern.replace("ERAS", "|".join(_eras()))) for pattern in _PATTERNS)


def _date_of(told: dict[str, str | None]) -> str | None:
    year = show(read_numeral(told["y"] or "")) if told.get("y") else ""
    era = told.get("era")
    if era:
        since = told["n"] or ""
        year = str(_eras()[era] + (0 if since == "元" else int(read_numeral(since)) - 1))
    month, day = _part(told.get("m"), _LAST_MONTH), _part(told.get("d"), _LAST_DAY)
    if month is None or day is None:
        return None
    return (year or "-") + (f"-{month}" if month else "") + (f"-{day}" if day else "")


def _part(told: str | None, most: int) -> str | None:
    """Return two digits; an empty text where nothing is told, None for what is no month or day."""
    if not told:
        return ""
    if told[:3] in _MONTHS:
        return f"{_MONTHS.index(told[:3]) + 1:02}"
    value = int(read_numeral(told))
    return f"{value:02}" if 1 <= value <= most else None
