"""Which of the numbered options a sentence names: by their numbers, by their texts, or by their values alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tanemaki.text.normalise import nfkc
from tanemaki.text.tables import read_patterns

_PLACES = {
    sign: place
    for signs in (
        *("12345", "一二三四五"),
        ("one", "two", "three", "four", "five"),
        ("first", "second", "third", "fourth", "fifth"),
    )
    for place, sign in enumerate(signs, 1)
}
_SIGNS = re.compile(r"[*_`#>$]+|\\text\b")
_SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_GAP = re.compile(r"(?<=\d) +(?=[^\x00-\x7f])")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LED = re.compile(r"[^\d-]+(-?\d.*)")
_STOP = r"[.。、,;:!)\]」』\"]"
_BARE = re.compile(
    r"[^\w=+×÷*/-]*([1-5一二三四五]|one|two|three|four|five)[^\w=+×÷*/-]*(?:です|でした|だ|である|になります|となります)?[^\w=+×÷*/-]*",
    re.IGNORECASE,
)
_THERE = "\ue000"
_BARE_TEXT = re.compile(
    rf"\W*(?:(?:there|they|it|that)(?: is| are|'s) )?{_THERE}\W*(?:です|でした|だ|である|になります|となります)?\W*",
    re.IGNORECASE,
)
_BESIDE = re.compile(rf"(?<![\d.])([1-5])\s*[.):、]?\s*[(「『\"]?{_THERE}|{_THERE}[)」』\"]?\s*\(([1-5])\)")
_NUMBERED = re.compile(r"\W{0,3}[1-5]\s*[.):、]\s*(?P<told>.*?)[\s。.,、]*")
_NO_UNIT = rf"(?=\s*(?:$|{_STOP}|です|でした|だ|である|にな|とな|が正|が答|is\b|are\b))"


def words(kind: str, text: str) -> bool:
    """Return whether a text has words of this kind, in either language, whatever the reply is written in."""
    return any(
        pattern.search(text)
        for pattern in read_patterns("tanemaki.verify.format_tax", "choice_words", ("ja", "en"), kind=kind)
    )


def patterns(kind: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a kind, of both languages."""
    return read_patterns("tanemaki.verify.format_tax", "choice_words", ("ja", "en"), kind=kind)


def plain(text: str) -> str:
    """Return a text in the form in which options are looked for: NFKC, without signs of Markdown and separators in numbers.

    >>> plain("**４３,２００** 円")
    '43200円'
    """
    return _GAP.sub("", _SEPARATOR.sub("", _SIGNS.sub("", nfkc(text)))).strip()


@dataclass(frozen=True, slots=True)
class Named:
    """The places that a sentence names."""

    by_number: frozenset[int]
    by_text: frozenset[int]
    marked: str
    """The sentence with a sign where an option's text was."""

    @property
    def places(self) -> frozenset[int]:
        """All of them."""
        return self.by_number | self.by_text


class Mentions:
    """Finds options in sentences that are :func:`plain`.

    >>> found = Mentions(["10匹", "11匹", "12匹", "13匹", "20匹"]).named("3番の12匹です。")
    >>> sorted(found.by_number), sorted(found.by_text)
    ([3], [3])
    """

    def __init__(self, options: Sequence[str]) -> None:
        self._told = [plain(option).rstrip("。.") for option in options]
        by_length = sorted(enumerate(self._told, 1), key=lambda one: -len(one[1]))
        # "およそ324枚" is said with 約, too, or without it, and "x = 17" without x.
        short = [(place, led[1]) for place, told in by_length if (led := _LED.fullmatch(told))]
        self._texts = [(place, _bounded(told)) for place, told in (*by_length, *short)]
        values = [found[0] for told in self._told if len(found := _NUMBER.findall(told)) == 1]
        alone = len(set(values)) == len(self._told)
        self._values_told = frozenset(values)
        self._values = [(place, _value(one)) for place, one in enumerate(values if alone else (), 1)]

    def named(self, sentence: str) -> Named:
        """Return what a sentence names."""
        by_text = set()
        rest = sentence
        for place, text in self._texts:
            rest, n_found = text.subn(_THERE, rest)
            by_text |= {place} if n_found else set()
        by_text |= {place for place, value in self._values if value.search(rest)}
        by_number = {int(one) for found in _BESIDE.findall(rest) for one in found if one}
        for pattern in patterns("label"):
            by_number |= {_PLACES[found["place"].lower()] for found in pattern.finditer(rest)}
        bare = _BARE.fullmatch(rest)
        if bare:
            by_number.add(_PLACES[bare[1].lower()])
        return Named(frozenset(by_number), frozenset(by_text), rest)

    def is_bare(self, sentence: str) -> bool:
        """Return whether a sentence is an option's number or text and nothing else, politely said or not."""
        return bool(_BARE.fullmatch(sentence) or _BARE_TEXT.fullmatch(self.named(sentence).marked))

    def is_listed(self, sentence: str) -> bool:
        """Return whether a line may be one of a list of options: a number with an option's text or value, rightly or not."""
        found = _NUMBERED.fullmatch(sentence)
        return found is not None and (found["told"] in self._values_told or found["told"] in self._told)


@lru_cache(maxsize=64)
def mentions_of(options: tuple[str, ...]) -> Mentions:
    """Return what finds these options; an item is read three times, and its patterns are made once."""
    return Mentions(options)


def _bounded(told: str) -> re.Pattern[str]:
    """Return the pattern of an option's text that is no part of a longer number or word."""
    before = r"(?<![\d.,/-])" if told[:1].isdigit() else r"(?<![A-Za-z\d])" if told[:1].isascii() else ""
    after = r"(?!\d|[.,]\d)" if told[-1:].isdigit() else r"(?![A-Za-z])" if told[-1:].isascii() else ""
    # A bare number may be a part of a calculation: it is an answer only where nothing is counted or computed with it.
    if _NUMBER.fullmatch(told):
        return _value(told)
    return re.compile(before + re.escape(told) + after, re.IGNORECASE)


def _value(number: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\d.,+×÷*/-])(?<![+×÷*/-]\s){re.escape(number)}{_NO_UNIT}(?!\.\d|,\d)")
