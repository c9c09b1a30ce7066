"""Is a short text Japanese, English or something else? Without a model, and with *undetermined* as an honest answer.

Japanese shows itself by kana; a text of kanji alone (東京都, 約三割) may be Japanese as well as Chinese and is undetermined
unless it holds characters of Chinese. English shows itself by its function words, weighed against those of other languages in
Latin letters and of Japanese in Roman letters. Code, addresses and formulas do not count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tanemaki.text.normalise import nfkc
from tanemaki.text.scripts import Scripts, count_scripts
from tanemaki.text.tables import read_table

Code = Literal["ja", "en", "other", "undetermined"]

_NO_PROSE = re.compile(
    r"```.*?(?:```|\Z)|`[^`\n]{1,500}`|\$\$.{1,2000}?\$\$|\$(?=\S)[^$\n]{1,300}(?<=\S)\$(?!\d)"
    r"|\\\(.{1,500}?\\\)|\\\[.{1,2000}?\\\]|https?://[!-~]+|\bwww\.[!-~]+|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}|</?[A-Za-z][^<>\n]{0,200}>",
    re.DOTALL,
)
_QUOTED = re.compile(r"「[^」]{1,400}」|『[^』]{1,400}』|“[^”]{1,400}”|\"[^\"\n]{1,400}\"")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MOST_WORDS = 2_000  # the first words of a very long text tell as much as all of them
_JAPANESE_LETTER = 2.0  # Latin letters that one Japanese letter stands for: kanji and kana write the same content in half the letters
_JAPANESE_FROM = 0.3  # weighted share; the hand-made table of tests/text/language_texts.tsv has its least Japanese text at 0.36
_FEW_KANA = (
    0.05  # share of kana below which a text with Chinese characters is Chinese: Japanese prose has 0.4 to 0.7
)
_MARGIN = 1.15  # English must lead the next language by this much, else the text is undetermined


@dataclass(frozen=True, slots=True)
class Guess:
    """What a text seems to be written in."""

    language: Code
    share: float
    """How much of the text speaks for it, 0 to 1: letters for ja, function words among words for en."""


def strip_code(text: str) -> str:
    """Return the text without code blocks, inline code, formulas, addresses and tags.

    >>> strip_code("`len(x)` は長さです。").strip()
    'は長さです。'
    """
    return _NO_PROSE.sub(" ", text)


def guess_language(text: str) -> Guess:
    """Return the language of a text; ``undetermined`` where numbers, names or single words do not tell.

    >>> [
    ...     guess_language(text).language
    ...     for text in ("江戸時代は何年続きましたか？", "東京都", "How are you?", "¿Cómo estás?")
    ... ]
    ['ja', 'undetermined', 'en', 'other']
    """
    prose = strip_code(nfkc(text))
    scripts = count_scripts(prose)
    unquoted = _QUOTED.sub(" ", prose)
    if unquoted != prose:
        outside = count_scripts(unquoted)
        if outside.letters >= 8:  # enough left to hear the voice that quotes
            prose, scripts = unquoted, outside
    if not scripts.letters:
        return Guess("undetermined", 0.0)
    weight = (
        _JAPANESE_LETTER * (scripts.japanese + scripts.hangul)
        + scripts.latin
        + scripts.cyrillic
        + scripts.other
    )
    foreign = (_JAPANESE_LETTER * scripts.hangul + scripts.cyrillic + scripts.other) / weight
    japanese = _JAPANESE_LETTER * scripts.japanese / weight
    if foreign >= 0.5:  # the larger part of the text
        return Guess("other", foreign)
    if japanese >= _JAPANESE_FROM:
        return _guess_japanese(prose, scripts, japanese)
    return _guess_latin(prose)


def _guess_japanese(prose: str, scripts: Scripts, share: float) -> Guess:
    never, often = _chinese()
    n_never = sum(letter in never for letter in prose)
    kana_share = scripts.kana / scripts.japanese
    if scripts.kana and (kana_share >= _FEW_KANA or not n_never):
        return Guess("ja", share)
    # Without kana: three characters frequent in Chinese alone, or one that Japanese never writes.
    n_often = sum(letter in often for letter in prose)
    if n_never or (n_often >= 3 and n_often >= 0.15 * scripts.kanji):
        return Guess("other", share)
    return Guess("undetermined", share)


def _guess_latin(prose: str) -> Guess:
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(prose)[:_MOST_WORDS]]
    points = dict.fromkeys(_languages(), 0.0)
    n_known = 0
    lists = _function_words()
    for word in words:
        languages = lists.get(word, ())
        n_known += "en" in languages
        for language in languages:
            points[language] += (0.5 if len(word) == 1 else 1) / len(
                languages
            )  # "y" and "a" are variables, too
    english = points.pop("en")
    other = max(points.values())
    accented = sum(not word.isascii() and word not in lists for word in words)
    share = n_known / len(words) if words else 0.0
    if other > english * _MARGIN and other >= 0.5:
        return Guess("other", other / len(words))
    if english >= 0.5 and english > other * _MARGIN and 2 * english >= accented:
        return Guess("en", share)
    if accented >= 2 and accented >= 0.2 * len(
        words
    ):  # two words with accents, and not one English function word for each
        return Guess("other", accented / len(words))
    return Guess("undetermined", share)


@lru_cache(maxsize=1)
def _function_words() -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    for row in read_table("tanemaki.text", "function_words"):
        for word in dict.fromkeys(row["words"].split()):
            lists[word] = (*lists.get(word, ()), row["language"])
    return lists


@lru_cache(maxsize=1)
def _languages() -> tuple[str, ...]:
    return tuple(row["language"] for row in read_table("tanemaki.text", "function_words"))


@lru_cache(maxsize=1)
def _chinese() -> tuple[frozenset[str], frozenset[str]]:
    rows = {row["use"]: frozenset(row["characters"]) for row in read_table("tanemaki.text", "chinese")}
    return rows["never"], rows["often"]
