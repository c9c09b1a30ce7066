"""Replies of punctuation and little words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from tanemaki.clean.filters.parts import parts_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import normalise
from tanemaki.text.tables import read_table

_PUNCTUATION = re.compile(
    r"[^\w\u2190-\u2bff\U0001f000-\U0001faff]+|_+"
)  # signs such as → and 🌸 say something
_SIGNS = re.compile(r"[^\w\s]+|_+|[\u2190-\u2bff\U0001f000-\U0001faff]")
_LATIN = re.compile(r"[a-z]+(?:'[a-z]+)*")
_ANSWERS = frozenset({"yes", "no"})


@dataclass(frozen=True, slots=True)
class Content:
    """Keep records whose every text says something: a number, a sign, a word that is no stop word.

    English stop words are the function words of :mod:`tanemaki.text`, Japanese ones those of ``data/stop_words.tsv``. "Yes"
    and 「いいえ」 are answers.

    Reasons: ``no_content`` (measured: the text).
    Source: "WizardLM" (arXiv 2304.12244, §3.2, the third elimination). Differs: Japanese, whose words no space divides.

    >>> Content("text")(Record("a", (1,), {"text": "それは、……です。"}))
    Reject(reason='no_content', measured='それは、……です。', limit=None, note=None)
    """

    field: str
    """A text, a list of texts, or messages."""
    signs: bool = True
    """Signs and emoji alone say something; False where a text must have words: 🍵🍵 may answer, but it asks nothing."""
    reasons: ClassVar[tuple[str, ...]] = ("no_content",)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        for part in parts_of(record, self.field):
            text = part.text if self.signs else _SIGNS.sub(" ", part.text)
            if not says_something(text):
                return Reject("no_content", part.text.strip()[:80], None, part.note())
        return record


def says_something(text: str) -> bool:
    """Return whether a text holds more than punctuation and stop words.

    >>> [says_something(text) for text in ("…！？", "これは", "42", "It is.", "No.", "海")]
    [False, False, True, False, True, True]
    """
    english, japanese = _stop_words()
    for word in _PUNCTUATION.split(normalise(text)):
        rest = word
        for latin in _LATIN.findall(word):
            if latin in _ANSWERS or latin not in english:
                return True
            rest = rest.replace(latin, "", 1)
        if rest and not japanese.fullmatch(rest):
            return True
    return False


@lru_cache(maxsize=1)
def _stop_words() -> tuple[frozenset[str], re.Pattern[str]]:
    rows = read_table("tanemaki.text", "function_words")
    english = {word for row in rows if row["language"] == "en" for word in row["words"].split()}
    pieces = {piece for word in english for piece in word.split("'")} | english
    words = [
        word for row in read_table("tanemaki.clean.filters", "stop_words") for word in row["words"].split()
    ]
    japanese = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return frozenset(pieces), re.compile(f"(?:{japanese})+")
