"""Which scripts a text is written in: the cheapest thing to know about its language."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_letters
from typing import Literal

from tanemaki.text.normalise import nfkc

Script = Literal["hiragana", "katakana", "kanji", "latin", "hangul", "cyrillic", "other"]

# First word of a letter's Unicode name, up to a hyphen. The sound mark ー is named KATAKANA-HIRAGANA and counts as katakana.
_BY_NAME: dict[str, Script] = {
    "HIRAGANA": "hiragana",
    "KATAKANA": "katakana",
    "CJK": "kanji",
    "IDEOGRAPHIC": "kanji",
    "LATIN": "latin",
    "HANGUL": "hangul",
    "CYRILLIC": "cyrillic",
}


_NO_LATIN = dict.fromkeys(map(ord, ascii_letters))


@dataclass(frozen=True, slots=True)
class Scripts:
    """Letters of a text by script. Digits, spaces, punctuation, symbols and emoji are no letters."""

    hiragana: int = 0
    katakana: int = 0
    kanji: int = 0
    latin: int = 0
    hangul: int = 0
    cyrillic: int = 0
    other: int = 0
    """Letters of any further script: Greek, Thai, Arabic …"""

    @property
    def kana(self) -> int:
        """Hiragana and katakana."""
        return self.hiragana + self.katakana

    @property
    def japanese(self) -> int:
        """Kana and kanji; kanji alone may be Chinese."""
        return self.kana + self.kanji

    @property
    def letters(self) -> int:
        """All letters."""
        return self.japanese + self.latin + self.hangul + self.cyrillic + self.other

    def share(self, *scripts: Script) -> float:
        """Return the share of these scripts among all letters, 0 to 1; 0 for a text without letters.

        >>> count_scripts("今日は good").share("hiragana", "kanji")
        0.42857142857142855
        """
        return sum(getattr(self, script) for script in scripts) / self.letters if self.letters else 0.0


def count_scripts(text: str) -> Scripts:
    """Return the number of letters of each script, widths unified (``ｶﾞ`` is one katakana, ``Ａ`` is Latin).

    Cost: one pass in C and one look-up per *distinct* character.

    >>> count_scripts("東京タワーは高い！ Tokyo 2026")
    Scripts(hiragana=2, katakana=3, kanji=3, latin=5, hangul=0, cyrillic=0, other=0)
    """
    if text.isascii():
        return Scripts(latin=len(text) - len(text.translate(_NO_LATIN)))
    counts: dict[Script, int] = {}
    for letter, n in Counter(nfkc(text)).items():
        if letter.isalpha():
            script = _script_of(letter)
            counts[script] = counts.get(script, 0) + n
    return Scripts(**counts)


@lru_cache(maxsize=16_384)
def _script_of(letter: str) -> Script:
    first = unicodedata.name(letter, "").replace("-", " ").partition(" ")[0]
    return _BY_NAME.get(first, "other")
