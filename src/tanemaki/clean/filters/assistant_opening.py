"""Texts of a user that the assistant wrote for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import check_language, text_of, with_english
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width
from tanemaki.text.tables import read_patterns

_HEAD_CHARS = 400  # longer than any opening of data/assistant_openings.tsv


@dataclass(frozen=True, slots=True)
class AssistantOpening:
    """Keep records whose text is not an assistant's greeting or offer (``data/assistant_openings.tsv``).

    A chat model that is asked to speak as the user sometimes speaks as itself: "Hello! How can I help you today?",
    「何かお手伝いできることはありますか」. A user who greets and then asks is kept.

    Reasons: ``assistant_opening`` (measured: the opening).
    Source: ours; Magpie (``exp/str_utils.py``) cuts at markers of answers alone.

    >>> AssistantOpening("text", "ja")(
    ...     Record("a", (1,), {"text": "こんにちは！何かお手伝いできることはありますか？"})
    ... ).reason
    'assistant_opening'
    """

    field: str
    """A text."""
    language: str
    """``ja`` (which knows English openings, too) or ``en``."""
    reasons: ClassVar[tuple[str, ...]] = ("assistant_opening",)

    def __post_init__(self) -> None:
        """Refuse a language it does not know."""
        check_language(self.language, self)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        head = fold_width(text_of(record, self.field).lstrip("*# \t\r\n　")[:_HEAD_CHARS]).replace("’", "'")
        patterns = read_patterns("tanemaki.clean.filters", "assistant_openings", with_english(self.language))
        found = next(filter(None, (pattern.match(head) for pattern in patterns)), None)
        return Reject("assistant_opening", found.group().strip()[:80]) if found else record
