"""One form for texts that people would call the same, and the length that every limit means.

Everything that compares texts compares :func:`normalise`\\ d ones; every length in characters is :func:`n_chars`. Where
places in the original matter (cutting at a marker), :func:`fold_width` unifies widths and keeps every place.
"""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
"""Characters that nobody sees: soft hyphens, zero-width ones, marks of direction, variation selectors."""
_DASHES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-") | {"〜": "~", "’": "'", "‘": "'"}
)
_SPACES = re.compile(r"\s+")
_JAPANESE = "\u3001-\u303f\u3041-\u30ff\u3400-\u9fff"
_SPACE_IN_JAPANESE = re.compile(f"(?<=[{_JAPANESE}]) (?=[{_JAPANESE}])")

# Forms whose NFKC is one other character: full-width ASCII, half-width kana, the ideographic space, other colons.
_WIDTHS = {
    code: folded
    for code in (0x3000, 0xFE30, *range(0xFE50, 0xFE70), *range(0xFF01, 0xFFF0), 0x2236, 0xA789)
    if len(
        folded := {0xFE30: ":", 0x2236: ":", 0xA789: ":"}.get(code)
        or unicodedata.normalize("NFKC", chr(code))
    )
    == 1
}


def nfkc(text: str) -> str:
    """Return the text in Unicode's NFKC form: ``ｶﾞ`` → ``ガ``, ``Ａ１`` → ``A1``, ``㎏`` → ``kg``."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def visible(text: str) -> str:
    """Return the text without invisible characters and without white space at either end; nothing else is changed.

    >>> visible("　葛\\u200bです。\\n")
    '葛です。'
    """
    return INVISIBLE.sub("", text).strip()


def n_chars(text: str) -> int:
    """Return the length that all limits mean: code points after NFKC, without white space at either end.

    >>> n_chars("　ｶﾞｸｾｲ\\n"), n_chars("学生"), n_chars("…")
    (4, 2, 3)
    """
    return len(nfkc(text).strip())


def normalise(text: str) -> str:
    """Return the form in which texts are compared. Idempotent; never for output.

    NFKC, lower case, invisible characters away, dashes and apostrophes unified, runs of white space one space, none
    between two Japanese characters (a wrapped line is the same text), none at the ends.

    >>> normalise("Ｔｏｋｙｏ　は\\n 首都！"), normalise("ﾊﾟｿｺﾝ")
    ('tokyo は首都!', 'パソコン')
    """
    folded = nfkc(INVISIBLE.sub("", nfkc(text)).casefold()).translate(_DASHES)
    return _SPACE_IN_JAPANESE.sub("", _SPACES.sub(" ", folded)).strip()


def fold_width(text: str) -> str:
    """Return the text of the same length with full-width ASCII, half-width kana and odd colons in their usual form.

    Places hold in both, so that what was found here can be cut there. Half-width sound marks stay apart (``ｶﾞ`` is two).

    >>> fold_width("【Ａｎｓｗｅｒ：５】")
    '【Answer:5】'
    """
    return text if text.isascii() else text.translate(_WIDTHS)
