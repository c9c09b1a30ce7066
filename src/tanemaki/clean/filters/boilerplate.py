"""Replies that talk about themselves before they begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import check_language, parts_of, with_english
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width
from tanemaki.text.tables import read_patterns

_HEAD_CHARS = 400  # longer than any preamble of data/boilerplate.tsv


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Keep records whose text does not begin with an assistant's preamble (``data/boilerplate.tsv``).

    "Sure! Here is a question:", 「はい、承知しました。以下に…」: in a question they are noise, in an answer a habit
    that a student learns first. Of messages the assistant's are judged.

    Reasons: ``boilerplate`` (measured: the preamble).
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
    reasons: ClassVar[tuple[str, ...]] = ("boilerplate",)

    def __post_init__(self) -> None:
        """Refuse a language it does not know."""
        check_language(self.language, self)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        patterns = read_patterns("tanemaki.clean.filters", "boilerplate", with_english(self.language))
        for part in parts_of(record, self.field):
            if part.role not in (None, "assistant"):
                continue
            head = fold_width(part.text.lstrip("*# \t\r\n　")[:_HEAD_CHARS]).replace("’", "'")
            found = next(filter(None, (pattern.match(head) for pattern in patterns)), None)
            if found:
                return Reject("boilerplate", found.group().strip()[:80], None, part.note())
        return record
