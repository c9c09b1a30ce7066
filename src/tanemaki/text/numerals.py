"""What numerals are worth: digits with separators, kanji numerals, both mixed, and English number words.

All values are decimals, so that 0.1 is 0.1. Which runs of a text *are* numerals is the business of
:mod:`tanemaki.text.quantities`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache

from tanemaki.text.tables import read_table

KANJI_DIGITS = "〇一二三四五六七八九"
DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
"""Pattern of digits in their usual form, with separators and decimals."""
NUMERAL = rf"(?:{DIGITS}|[〇零一二三四五六七八九十百千万億兆])+"
"""Pattern of a run that may be a numeral: digits, kanji, or both mixed, in text whose widths are unified."""

_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "億": 10**8, "兆": 10**12}
_WORD = re.compile(r"[A-Za-z]+")
_PART = re.compile(rf"{DIGITS}|.")


def read_numeral(run: str) -> Decimal:
    """Return what a run of the form :data:`NUMERAL` is worth.

    >>> [show(read_numeral(run)) for run in ("二〇二六", "千二百", "3万5千", "1.5億", "12,000", "十")]
    ['2026', '1200', '35000', '150000000', '12000', '10']
    """
    total, section, current = Decimal(0), Decimal(0), ""
    for part in _PART.findall(run):
        if part in _SMALL:
            section += Decimal(current or 1) * _SMALL[part]
            current = ""
        elif part in _LARGE:
            below = section + Decimal(current or 0)
            total += (below or 1) * _LARGE[part]
            section, current = Decimal(0), ""
        elif part in KANJI_DIGITS or part == "零":
            current += str(max(0, KANJI_DIGITS.find(part)))
        else:
            current += part.replace(",", "")
    return total + section + Decimal(current or 0)


def show(value: Decimal) -> str:
    """Return the canonical text of a value: no separators, no exponent, no zeros at the end.

    >>> show(Decimal("1500.00")), show(Decimal("1E+6")), show(Decimal("0.350"))
    ('1500', '1000000', '0.35')
    """
    shown = format(value, "f")
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown == "-0" else shown


def read_words(words: Sequence[str]) -> Decimal:
    """Return what English number words are worth (lower case, ``and`` left out); 0 for words that are none.

    >>> str(read_words(["two", "hundred", "five"])), str(read_words(["three", "thousand"]))
    ('205', '3000')
    """
    total, section = Decimal(0), Decimal(0)
    for word in words:
        value, use = number_words().get(word, (Decimal(0), "unit"))
        if use != "times":
            section += value
        elif value == 100:  # noqa: PLR2004 - a hundred counts within the thousands
            section = (section or 1) * value
        else:
            total += (section or 1) * value
            section = Decimal(0)
    return total + section


@lru_cache(maxsize=1)
def number_words() -> dict[str, tuple[Decimal, str]]:
    """Return the English number words with value and use (``unit``, ``times`` or ``loose``)."""
    rows = read_table("tanemaki.text", "numeral_words")
    return {row["word"]: (Decimal(row["value"]), row["use"]) for row in rows}


def find_words(folded: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Yield every run of English number words that make one number: its words and where it stands.

    >>> [words for words, _, _ in find_words("Two hundred and five men and twenty-one boys, one half")]
    [('two', 'hundred', 'five'), ('twenty', 'one'), ('one',), ('half',)]
    """
    known = number_words()
    tokens = [(match.group().lower(), *match.span()) for match in _WORD.finditer(folded)]
    at = 0
    while at < len(tokens):
        stop = at
        while stop < len(tokens) and _goes_on(tokens, at, stop, folded, known):
            stop += 1
        if stop == at:
            at += 1
            continue
        while tokens[stop - 1][0] == "and":
            stop -= 1
        words = tuple(word for word, _, _ in tokens[at:stop] if word != "and")
        yield words, tokens[at][1], tokens[stop - 1][2]
        at = stop


def _goes_on(
    tokens: list[tuple[str, int, int]],
    first: int,
    at: int,
    folded: str,
    known: dict[str, tuple[Decimal, str]],
) -> bool:
    """Return whether the word at a place belongs to the number that began at ``first``."""
    word, start, _ = tokens[at]
    value, use = known.get(word, (Decimal(0), None))
    if at == first:
        after_a = at > 0 and tokens[at - 1][0] == "a"  # a hundred thousand
        return use in ("unit", "loose") or (use == "times" and after_a)
    before, _, end = tokens[at - 1]
    if folded[end:start].strip(" \t-"):
        return False
    earlier, earlier_use = known.get(before, (Decimal(0), "and"))
    if word == "and":
        return (
            earlier_use == "times"
            and at + 1 < len(tokens)
            and known.get(tokens[at + 1][0], (0, ""))[1] == "unit"
        )
    if use == "times":
        return earlier_use in ("unit", "times")
    tens = earlier_use == "unit" and earlier >= 20 and earlier % 10 == 0  # noqa: PLR2004 - twenty, thirty …
    return use == "unit" and (earlier_use in ("times", "and") or (tens and 0 < value < 10))  # noqa: PLR2004 - twenty-one
