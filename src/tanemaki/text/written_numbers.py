"""Numbers as people write them in answers, as exact fractions: ``3/4``, ``\\frac{3}{4}``, 四分の三, 1と3/4, 三百二十一, 25%.

What a number *belongs to* is the business of :mod:`tanemaki.text.answer_reading`, what a running text states that of
:mod:`tanemaki.text.quantities`, which reads no fractions.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from tanemaki.text.normalise import INVISIBLE, fold_width
from tanemaki.text.numerals import NUMERAL, find_words, number_words, read_numeral, read_words
from tanemaki.text.tables import read_table

_KANJI = "[〇零一二三四五六七八九十百千万億兆]"
_SIGN = r"(?P<minus>マイナス[ ]?|\b(?:minus|negative)[ ]|(?<![0-9A-Za-z)\]])[-−])?"
_NUMBER = re.compile(
    rf"{_SIGN}(?:"
    rf"(?P<whole>{NUMERAL})と(?P<under>{NUMERAL})分の(?P<over>{NUMERAL})"
    rf"|(?P<under2>{NUMERAL})分の(?P<over2>{NUMERAL})"
    r"|(?P<whole3>[0-9]+)(?:[ ]?と[ ]?|[ ]and[ ]|[ ]+)(?P<over3>[0-9]+)/(?P<under3>[0-9]+)(?![0-9/])"
    r"|(?P<over4>[0-9]+)[ ]?/[ ]?(?P<under4>[0-9]+)(?![0-9/])"
    rf"|(?P<run>{NUMERAL})(?P<times>[ ](?:hundred|thousand|million|billion|trillion)\b)?)",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"[ ]?(?:(?P<percent>%|パーセント|percent\b|per cent\b)"
    r"|(?P<tenths>割)(?![りれるっ合])(?:(?P<rest>[0-9一二三四五六七八九])分)?)",
    re.IGNORECASE,
)
_TEX = (
    (re.compile(r"\\(?:text|mathrm|mathbf|operatorname|textbf|mbox)\{([^{}]{0,80})\}"), r"\1"),
    (
        re.compile(r"(?<=[0-9])[ ]{0,2}\\[dt]?frac(?:\{([0-9]{1,40})\}\{([0-9]{1,40})\}|([0-9])([0-9]))"),
        r" \1\3/\2\4",
    ),
    (re.compile(r"\\[dt]?frac(?:\{([0-9]{1,40})\}\{([0-9]{1,40})\}|([0-9])([0-9]))"), r"\1\3/\2\4"),
    (re.compile(r"\\(?:left|right)\b|\\[()\[\]]"), ""),
    (re.compile(r"\\[,;:!> ]|~|\\q?quad\b"), " "),
    (re.compile(r"\{,\}"), ","),
    (re.compile(r"\^\{?\\circ\}?|°(?![CF])"), "度"),
    (re.compile(r"\^(?:\{2\}|2(?!\d))"), "²"),
    (re.compile(r"\^(?:\{3\}|3(?!\d))"), "³"),
    (re.compile(r"\\([%$#&_{}])"), r"\1"),
    (re.compile(r"\\(?:times|cdot)\b"), "×"),
    (re.compile(r"\\div\b"), "÷"),
    (re.compile(r"\$(?! )([^$]{1,200})(?<! )\$(?!\d)"), r"\1"),
)
_UNREADABLE = re.compile(r"[0-9]\.{2,}|[0-9]…|\\[A-Za-z]|[π√]|[0-9][ ]?pi\b")


@dataclass(frozen=True, slots=True)
class Written:
    """One number as it is written."""

    value: Fraction
    start: int
    end: int
    scale: Fraction | None = None
    """What per cent (1/100) or 割 (1/10) behind it turn it into; None where neither stands there."""
    in_words: bool = False
    """Written without a digit: 三百, "twelve"."""


def plain(text: str) -> str:
    """Return the text with unified widths, without the signs of LaTeX and markdown around numbers; not of the same length.

    >>> plain("**１２**\\\\,\\\\text{cm}^2"), plain("$1\\\\frac{3}{4}$"), plain("2¾")
    ('12 cm²', '1 3/4', '2 3/4')
    """
    folded = INVISIBLE.sub("", fold_width(text))
    if "\\" in folded or "^" in folded or "$" in folded or "°" in folded or "~" in folded:
        for pattern, into in _TEX:
            folded = pattern.sub(into, folded)
    if not folded.isascii():
        folded = "".join(map(_vulgar, folded)).replace("\u2044", "/")
    return re.sub(r"[ \t\u00a0]+", " ", folded.replace("*", "").replace("`", "")).strip()


def find_written(text: str) -> list[Written]:
    """Return the numbers of a plain text, in order; words without digits count only where no digit stands anywhere.

    >>> (
    ...     [str(one.value) for one in find_written("四分の三")],
    ...     [str(one.value) for one in find_written("1と3/4")],
    ... )
    (['3/4'], ['7/4'])
    >>> (
    ...     [str(one.value) for one in find_written("三百二十一人")],
    ...     [str(one.value) for one in find_written("twelve")],
    ... )
    (['321'], ['12'])
    """
    found: list[Written] = []
    for match in _NUMBER.finditer(text):
        is_rest = bool(found) and match.start() < found[-1].end  # the 5 of 2割5分
        one = None if is_rest or _is_inner(text, match) else _read(text, match)
        found += [one] if one else []
    with_digits = [one for one in found if not one.in_words]
    if with_digits:
        return with_digits
    words = [
        _scaled(text, Fraction(read_words(said)), start, end, in_words=True)
        for said, start, end in find_words(text)
        if all(number_words()[word][1] != "loose" for word in said)
    ]
    return sorted(found + words, key=lambda one: one.start)


def has_number_word(text: str) -> bool:
    """Return whether a text says a number without a digit: 三, "twelve", "half" and 半 too.

    >>> has_number_word("個半"), has_number_word(" and a half"), has_number_word("個です")
    (True, True, False)
    """
    return bool(re.search(rf"{_KANJI}|[半倍]", text)) or any(True for _ in find_words(text))


@cache
def units() -> tuple[re.Pattern[str], dict[str, tuple[str, Fraction]]]:
    """Return the pattern of a unit of measure, and form → unit and how much of it one is."""
    known = {
        form.replace("_", " "): (row["unit"], Fraction(row["factor"]))
        for name in ("units", "answer_units")
        for row in read_table("tanemaki.text", name)
        for form in row["forms"].split()
    }
    forms = "|".join(re.escape(form) + _ends(form) for form in sorted(known, key=len, reverse=True))
    return re.compile(rf"[ -]?(?P<form>{forms})"), known


def _ends(form: str) -> str:
    if not form[-1].isascii() or not form[-1].isalnum():
        return ""
    return r"(?!\d)" if form[-1].isdigit() else r"(?![A-Za-z²³/])"


def unit_after(text: str, at: int) -> tuple[str, Fraction, int] | None:
    """Return the unit that stands at a place, how much of it one is, and where it ends.

    >>> unit_after("12 km", 2)
    ('m', Fraction(1000, 1), 5)
    """
    pattern, known = units()
    match = pattern.match(text, at)
    return (*known[match["form"]], match.end()) if match else None


def is_unreadable(text: str) -> bool:
    """Return whether a text holds what no number here stands for: ``0.333…``, ``\\\\sqrt``."""
    return bool(_UNREADABLE.search(text))


def _vulgar(letter: str) -> str:
    if unicodedata.category(letter) != "No" or not unicodedata.decomposition(letter).startswith("<fraction>"):
        return letter
    return " " + unicodedata.normalize("NFKC", letter).replace("\u2044", "/")


def _is_inner(text: str, match: re.Match[str]) -> bool:
    """Whether digits are a part of a name: A4, x2; the 20 of 3m20cm is none."""
    letters = re.search(r"(?:^|[^A-Za-z])[A-Za-z]+$", text[max(0, match.start() - 24) : match.start()])
    return bool(letters and match["run"] and match["run"][0].isascii() and not letters.group()[0].isdigit())


def _read(text: str, match: re.Match[str]) -> Written | None:
    told = match.groupdict()
    over = told["over"] or told["over2"] or told["over3"] or told["over4"]
    if over:
        below = read_numeral(told["under"] or told["under2"] or told["under3"] or told["under4"])
        if not below:
            return None
        whole = read_numeral(told["whole"] or told["whole3"] or "")
        value = Fraction(whole) + Fraction(read_numeral(over)) / Fraction(below)
    else:
        value = Fraction(read_numeral(told["run"]))
        if told["times"]:
            value *= Fraction(number_words()[told["times"].strip().lower()][0])
    in_words = not any(letter.isdigit() and letter.isascii() for letter in match.group())
    return _scaled(text, -value if told["minus"] else value, match.start(), match.end(), in_words=in_words)


def _scaled(text: str, value: Fraction, start: int, end: int, *, in_words: bool) -> Written:
    share = _SCALE.match(text, end)
    if share is None:
        return Written(value, start, end, None, in_words)
    if share["percent"]:
        return Written(value, start, share.end(), Fraction(1, 100), in_words)
    rest = Fraction(read_numeral(share["rest"])) / 10 if share["rest"] else 0
    return Written(value + rest, start, share.end(), Fraction(1, 10), in_words)
