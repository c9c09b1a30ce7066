"""Questions that only someone with the passage before their eyes can understand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import check_language, parts_of, with_english
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import nfkc
from tanemaki.text.tables import read_patterns


@dataclass(frozen=True, slots=True)
class Pointing:
    """Keep records whose text can be understood by itself.

    A question about "the passage above" is worth nothing once the passage is gone, and a person who searches has not seen
    it. The patterns of ``data/pointers.tsv`` say what speaks of the passage, and which first words point at something said
    before.

    Reasons: ``points_at_passage`` (measured: the words), ``not_standalone`` (measured: the first word).
    Source: ours.

    >>> Pointing("text", "ja")(Record("a", (1,), {"text": "この文章によると、有給休暇は何日ですか。"})).reason
    'points_at_passage'
    """

    field: str
    """A text, a list of texts, or messages."""
    language: str
    """``ja`` (which knows the English patterns, too) or ``en``."""
    alone: bool = True
    """Also refuse a text whose first word points back; False where an earlier turn stands before it."""
    reasons: ClassVar[tuple[str, ...]] = ("points_at_passage", "not_standalone")

    def __post_init__(self) -> None:
        """Refuse a language it does not know."""
        check_language(self.language, self)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        for part in parts_of(record, self.field):
            text = nfkc(part.text).strip()
            said = self._find("passage", text)
            if said:
                return Reject("points_at_passage", said, None, part.note())
            said = self._find("reference", text) if self.alone else None
            if said:
                return Reject("not_standalone", said, None, part.note())
        return record

    def _find(self, kind: str, text: str) -> str | None:
        languages = tuple(with_english(self.language))
        patterns = read_patterns("tanemaki.clean.filters", "pointers", languages, kind=kind)
        return next((found.group() for pattern in patterns if (found := pattern.search(text))), None)
