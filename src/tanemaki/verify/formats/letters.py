"""Which letters a reply is written in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.text.normalise import nfkc
from tanemaki.text.scripts import count_scripts
from tanemaki.verify.formats.order import Failure, Family, Order

_KATAKANA = re.compile(r"[ァ-ヺヽヾ]")
_HIRAGANA_TOO = frozenset("ーゝゞ")
_JAPANESE = ("ja",)
_ENGLISH = ("en",)


@dataclass(frozen=True, slots=True)
class Letters(Order):
    """An order on every letter of the reply, so that a fragment shows at once whether it may stand there."""

    family: ClassVar[Family] = "style"
    slot: ClassVar[str | None] = "letters"

    def forbids(self, fragment: str) -> bool:
        """Whether the fragment breaks it."""
        return self._n_wrong(fragment) > 0

    def check(self, text: str) -> Failure | None:
        """Count the letters that may not be there."""
        n = self._n_wrong(text)
        return self._fails(n, 0, f"{n} letters that may not stand there") if n else None

    def _n_wrong(self, text: str) -> int:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class NoLatin(Letters):
    """No Latin letter in any width.

    Source: ours.

    >>> NoLatin().check("ＡＩは人工知能です。").measured
    2
    """

    name: ClassVar[str] = "no_latin"
    languages: ClassVar[tuple[str, ...]] = _JAPANESE

    def _n_wrong(self, text: str) -> int:
        return count_scripts(text).latin


@dataclass(frozen=True, slots=True)
class NoAscii(Letters):
    """No half-width letter, digit, mark or space (ASCII); line breaks are free.

    Source: ours.
    """

    name: ClassVar[str] = "no_ascii"
    languages: ClassVar[tuple[str, ...]] = _JAPANESE

    def _n_wrong(self, text: str) -> int:
        return sum(letter.isascii() and letter not in "\r\n" for letter in text.strip())


@dataclass(frozen=True, slots=True)
class OnlyHiragana(Letters):
    """Of letters and digits only hiragana; punctuation, spaces and ー are free.

    Source: ours.

    >>> OnlyHiragana().check("はるのうみ、ひねもすのたり。") is None
    True
    """

    name: ClassVar[str] = "only_hiragana"
    languages: ClassVar[tuple[str, ...]] = _JAPANESE

    def _n_wrong(self, text: str) -> int:
        letters = (letter for letter in nfkc(text) if letter.isalnum())
        return sum(not ("ぁ" <= letter <= "ゖ" or letter in _HIRAGANA_TOO) for letter in letters)


@dataclass(frozen=True, slots=True)
class NoKatakana(Letters):
    """No katakana in any width; ー alone is none.

    Source: ours.
    """

    name: ClassVar[str] = "no_katakana"
    languages: ClassVar[tuple[str, ...]] = _JAPANESE

    def _n_wrong(self, text: str) -> int:
        return len(_KATAKANA.findall(nfkc(text)))


@dataclass(frozen=True, slots=True)
class NoKanji(Letters):
    """No kanji.

    Source: ours.
    """

    name: ClassVar[str] = "no_kanji"
    languages: ClassVar[tuple[str, ...]] = _JAPANESE

    def _n_wrong(self, text: str) -> int:
        return count_scripts(text).kanji


@dataclass(frozen=True, slots=True)
class UpperCase(Letters):
    """All letters are capitals.

    Source: arXiv 2311.07911 (``english_capital``).
    """

    name: ClassVar[str] = "upper_case"
    languages: ClassVar[tuple[str, ...]] = _ENGLISH

    def _n_wrong(self, text: str) -> int:
        return sum(letter.islower() for letter in text)


@dataclass(frozen=True, slots=True)
class LowerCase(Letters):
    """No letter is a capital.

    Source: arXiv 2311.07911 (``english_lowercase``).

    >>> LowerCase().check("the Sea").measured
    1
    """

    name: ClassVar[str] = "lower_case"
    languages: ClassVar[tuple[str, ...]] = _ENGLISH
    not_with: ClassVar[frozenset[str]] = frozenset(
        {"sentences", "sentence_chars_at_most"}
    )  # where does one end?

    def _n_wrong(self, text: str) -> int:
        return sum(letter.isupper() for letter in text)
