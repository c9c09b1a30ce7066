"""Do two texts that look alike say something different?

Near-duplicates are found by their letters, and letters do not weigh what a number, a *not* or a name weighs. Texts that
differ in one of these are kept: contrast pairs, verified variants, a follow-up with other conditions.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Literal

from tanemaki.text.names import find_names
from tanemaki.text.normalise import normalise
from tanemaki.text.numerals import number_words
from tanemaki.text.tables import read_patterns, read_table

Substance = Literal["numbers", "negation", "names", "words"]

_DIGITS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_KANJI_NUMBER = re.compile(
    r"第?[〇一二三四五六七八九十百千万億兆]+(?=[つ個人年月日円本枚回倍割分時秒歳匹頭台冊杯番目度点組週階歩軒次位か箇ヶ])"
    r"|[二三四五六七八九十百千万]{2,}"
)
_WORD = re.compile(r"[a-z]+")
_KANJI = re.compile(r"[一-鿿]")
_CONTENT_CHARS = 3  # shorter ones are pieces of "what's" and the like
_SWAPPED_SHARE = 0.1  # of content words (or kanji): one of ten; fewer are another wording of a long text
_STEM_CHARS = 5  # plant, plants and planting are one word


def differs_in_substance(one: str, other: str) -> Substance | None:
    """Return what sets two look-alike texts apart, or None if they say the same.

    * numbers: digits in either width (1,000 is 1000), kanji numerals before a counter, English number words;
    * negation: the patterns of ``data/negation.tsv``, counted;
    * names: katakana words, capitalised words inside a sentence, kanji before さん, 市 …;
    * words: more than a tenth of the kanji and English content words of each are not in the other (心臓 / 肝臓).
      The weakest sign: in a short text a synonym does it, too.

    Only meant for texts that are known to be alike: two unrelated texts nearly always differ.

    >>> differs_in_substance("りんごが3個あります。残りは？", "りんごが５個あります。残りは？")
    'numbers'
    >>> differs_in_substance("Water boils here.", "Water does not boil here.")
    'negation'
    >>> differs_in_substance("葛湯の作り方は？", "葛湯の作り方は") is None
    True
    """
    if one == other:
        return None
    first, second = normalise(one), normalise(other)
    if _numbers(first) != _numbers(second):
        return "numbers"
    if _negations(first) != _negations(second):
        return "negation"
    if _names(one, second) or _names(other, first):
        return "names"
    if _swapped(_content(first), _content(second)):
        return "words"
    return None


def _numbers(text: str) -> Counter[str]:
    found = Counter(number.replace(",", "") for number in _DIGITS.findall(text))
    found.update(match.group().lstrip("第") for match in _KANJI_NUMBER.finditer(text))
    words = _number_words()
    found.update(word for word in _WORD.findall(text) if word in words)
    return found


def _negations(text: str) -> int:
    return sum(
        len(pattern.findall(text)) for pattern in read_patterns("tanemaki.text", "negation", ("ja", "en"))
    )


def _names(text: str, other: str) -> bool:
    """Whether a name of the text is not in the other, normalised one."""
    return any(normalise(name) not in other for name in find_names(text))


def _content(text: str) -> set[str]:
    known = _function_words()
    words = {
        word.rstrip("s")[:_STEM_CHARS]
        for word in _WORD.findall(text)
        if len(word) >= _CONTENT_CHARS and word not in known
    }
    return words | set(_KANJI.findall(text))


def _swapped(one: set[str], other: set[str]) -> bool:
    return min(len(one - other), len(other - one)) > _SWAPPED_SHARE * max(len(one), len(other))


@lru_cache(maxsize=1)
def _function_words() -> frozenset[str]:
    rows = read_table("tanemaki.text", "function_words")
    return frozenset(word for row in rows if row["language"] == "en" for word in row["words"].split())


@lru_cache(maxsize=1)
def _number_words() -> frozenset[str]:
    return frozenset(number_words()) - {"one"}  # mostly a pronoun: "the red one"
