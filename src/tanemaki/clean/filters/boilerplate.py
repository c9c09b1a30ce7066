"""Replies that talk about themselves before they begin, or when they have ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

from tanemaki.clean.filters.parts import LANGUAGES, check_language, parts_of, text_of, with_english
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width
from tanemaki.text.sentences import split_sentences
from tanemaki.text.similarity import squeeze
from tanemaki.text.tables import read_patterns

_EDGE_CHARS = 400  # longer than any preamble and any farewell of data/boilerplate.tsv
# A line that greets, names a subject or addresses customers: what follows is a letter or a notice, which ends politely.
_LETTER = re.compile(
    r"^[ \t>*_#]*(?:dear\b|to whom it may|subject:|(?:hi|hello|hey)\b[^.!?\n]{0,40},[ \t]*$|件名[:】\]]|拝啓|前略"
    r"|[^。\n]{1,30}(?:様|御中|各位|殿)[、,]?[ \t]*$)"
    r"|お世話になって|平素は|平素より|お客様(?:へ|各位)|当(?:店|社|館|院|校)で?は|弊社|敬具|草々",
    re.IGNORECASE | re.MULTILINE,
)
_Look = Callable[[str, tuple[str, ...]], str | None]
_ORNAMENT = re.compile(r"[^\w.!?。)\]*」』]+\Z")  # 😊 ♪ ~ behind the last sentence


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Keep records whose text neither begins nor ends with an assistant's talk around it (``data/boilerplate.tsv``).

    "Sure! Here is a question:", 「はい、承知しました。以下に…」, "I hope this helps!", 「※条件を一つ追加しました」: in a
    question they are noise, in an answer a habit that a student learns first. At the end only the last sentence counts, and
    not where the text holds a letter or a notice to customers. Of messages the assistant's are judged.

    Reasons: ``boilerplate`` (measured: what was said; the note says where it stood at the end).
    Source: ours.

    >>> Boilerplate("text", "ja")(
    ...     Record("a", (1,), {"text": "承知しました。以下に問題を示します。"})
    ... ).measured
    '承知しました。以下'
    """

    field: str
    """A text, a list of texts, or messages."""
    language: str
    """``ja`` (which knows English phrases, too) or ``en``."""
    asked: str | None = None
    """The field with what was asked for or translated: what it orders by its words, or says itself
    at the same end, is no talk."""
    reasons: ClassVar[tuple[str, ...]] = ("boilerplate",)

    def __post_init__(self) -> None:
        """Refuse a language it does not know."""
        check_language(self.language, self)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, self.asked) if self.asked else (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        languages = with_english(self.language)
        for part in parts_of(record, self.field):
            if part.role not in (None, "assistant"):
                continue
            opens = _preamble(part.text, languages)
            if opens and not self._belongs(record, opens, _preamble):
                return Reject("boilerplate", opens[:80], None, part.note())
            closes = _farewell(part.text, languages)
            if closes and not (
                _LETTER.search(_folded(part.text)) or self._belongs(record, closes, _farewell)
            ):
                return Reject("boilerplate", closes[:80], None, part.note("at the end"))
        return record

    def _belongs(self, record: Record, said: str, look: _Look) -> bool:
        """Whether what was said was ordered by its words, or stands at the same end of what was translated."""
        given = text_of(record, self.asked) if self.asked else ""
        return squeeze(said) in squeeze(given) or look(given, LANGUAGES) is not None


def _patterns(languages: tuple[str, ...], place: Literal["opens", "closes"]) -> tuple[re.Pattern[str], ...]:
    return read_patterns("tanemaki.clean.filters", "boilerplate", languages, place=place)


def _preamble(text: str, languages: tuple[str, ...]) -> str | None:
    """Return how the text begins where it is an assistant's preamble; None where it is not."""
    head = _folded(text.lstrip("*# \t\r\n　")[:_EDGE_CHARS])
    found = next(filter(None, (one.match(head) for one in _patterns(languages, "opens"))), None)
    return found.group().strip() if found else None


def _farewell(text: str, languages: tuple[str, ...]) -> str | None:
    """Return the last sentence where it takes leave; None where it does not."""
    sentences = split_sentences(_ORNAMENT.sub("", _folded(text[-_EDGE_CHARS:])))
    last = sentences[-1].lstrip("-*_> ").rstrip("*_ ") if sentences else ""
    return last if any(one.fullmatch(last) for one in _patterns(languages, "closes")) else None


def _folded(text: str) -> str:
    return fold_width(text).replace("’", "'")
