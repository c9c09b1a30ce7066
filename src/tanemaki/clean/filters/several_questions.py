"""Problems that ask several numbered questions at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import check_language, parts_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width
from tanemaki.text.tables import read_patterns

_NUMBERED = re.compile(
    r"^[ \t]*(?:[*_#]{1,4}[ \t]*)?"
    r"(?:[(\[]?(?:\d{1,2}|[a-hア-オ])[)\].:、]|[①-⑳]|(?:問題?|設問|質問|question|q)[ \t]*\d{1,2}[.:)、]?)"
    r"[ \t*_]*(?P<item>\S.*)$",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SeveralQuestions:
    """Keep records whose text asks at most one numbered question.

    Numbered lines that end like a question or a task (``?``, ですか。, 求めなさい。) are counted; numbered facts,
    conditions and choices are not, nor are questions in running text. Of messages the user's are judged.

    Reasons: ``several_questions`` (measured: how many; limit: 1).
    Source: ours; prompts forbid several questions, and models write them all the same.

    >>> text = "次の問いに答えよ。\\n(1) 面積を求めなさい。\\n(2) 周の長さを求めなさい。"
    >>> SeveralQuestions("text", "ja")(Record("a", (1,), {"text": text}))
    Reject(reason='several_questions', measured=2, limit=1, note=None)
    """

    field: str
    """A text, a list of texts, or messages."""
    language: str
    """``ja`` or ``en``."""
    reasons: ClassVar[tuple[str, ...]] = ("several_questions",)

    def __post_init__(self) -> None:
        """Refuse a language it does not know."""
        check_language(self.language, self)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        endings = read_patterns("tanemaki.clean.filters", "question_endings", (self.language, "any"))
        for part in parts_of(record, self.field):
            if part.role not in (None, "user"):
                continue
            items = (
                match.group("item").strip(" \t*_") for match in _NUMBERED.finditer(fold_width(part.text))
            )
            n_questions = sum(any(ending.search(item[-80:]) for ending in endings) for item in items)
            if n_questions > 1:
                return Reject("several_questions", n_questions, 1, part.note())
        return record
