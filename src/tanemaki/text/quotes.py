"""Where a quotation stands in a text, word for word.

Two texts are the same word for word if they are the same after NFKC, with runs of white space as one space (none beside a
Japanese character: a wrapped line is the same text) and with one form for each typographic quotation mark, apostrophe and
dash. Case, punctuation and every letter count: a changed particle is another text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tanemaki.text.normalise import INVISIBLE

_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | dict.fromkeys("‘’‛′", "'")
    | dict.fromkeys("“”‟″", '"')
    | {"〜": "~"}
)
_MARKS = frozenset("\uff9e\uff9f\u3099\u309a")  # sound marks that belong to the kana before them
_JAPANESE = re.compile("[\u3001-\u303f\u3041-\u30ff\u3400-\u9fff]")
_AROUND = "「」『』“”\"'‘’`*_＂《》〈〉<> \t\n\u3000"
_END = ".。．"


@dataclass(frozen=True, slots=True)
class Quote:
    """A place in a text that says what was quoted: ``text[start:end]``, as the text itself writes it."""

    text: str
    start: int
    end: int


def find_quote(quote: str, text: str) -> Quote | None:
    """Return the first place where the text says the quotation word for word, or None.

    Quotation marks around the quotation and a full stop that closes it need not stand in the text. A quotation with words
    left out (…) stands nowhere. Cost: linear in the text.

    >>> find_quote("「ｶﾞﾗｽは ５００℃で」", "一般に、ガラスは\\n500°Cで軟らかくなる。")
    Quote(text='ガラスは\\n500°Cで', start=4, end=15)
    >>> find_quote("ガラスが500℃で", "一般に、ガラスは500℃で軟らかくなる。") is None
    True
    """
    folded, places = _folded(text)
    for told in _without_marks(quote):
        wanted = _folded(told)[0]
        at = folded.find(wanted) if wanted else -1
        if at >= 0:
            start, end = places[at][0], places[at + len(wanted) - 1][1]
            return Quote(text[start:end], start, end)
    return None


def _without_marks(quote: str) -> list[str]:
    """Return the quotation as it is, without one pair of marks after the other, and without a closing full stop."""
    told = [quote.strip()]
    while len(told[-1]) > 1 and told[-1][0] in _AROUND and told[-1][-1] in _AROUND:
        told.append(told[-1][1:-1].strip())
    bare = told[-1].strip(_AROUND)
    return list(dict.fromkeys((*told, bare, bare.rstrip(_END).strip(_AROUND))))


def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the form that is compared, and for each of its characters where it stands in the text."""
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    gap: tuple[int, int] | None = None
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and (text[end] in _MARKS or unicodedata.combining(text[end])):
            end += 1
        shown = unicodedata.normalize("NFKC", text[at:end].translate(_TYPOGRAPHY)).translate(_TYPOGRAPHY)
        for letter in INVISIBLE.sub("", shown):
            if letter.isspace():
                gap = (gap[0] if gap else at, end)
                continue
            if gap and letters and not (_JAPANESE.match(letter) or _JAPANESE.match(letters[-1])):
                letters.append(" ")
                places.append(gap)
            gap = None
            letters.append(letter)
            places.append((at, end))
        at = end
    return "".join(letters), places
