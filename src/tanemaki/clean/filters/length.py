"""Texts too short or too long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import parts_of
from tanemaki.core.errors import RecipeError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import n_chars


@dataclass(frozen=True, slots=True)
class Length:
    """Keep records whose every text has at least ``min_chars`` and at most ``max_chars`` characters.

    Characters are code points after NFKC without white space at the ends (:func:`tanemaki.text.normalise.n_chars`): never
    words, which Japanese does not mark. Of a list or of messages each text is measured.

    Reasons: ``too_short``, ``too_long`` (measured and limit in characters).
    Source: ours; a limit on characters is the only one that means the same in both languages.

    >>> Length("text", min_chars=5)(Record("a", (1,), {"text": "はい。"}))
    Reject(reason='too_short', measured=3, limit=5, note=None)
    """

    field: str
    """A text, a list of texts, or messages."""
    min_chars: int | None = None
    """Fewest characters; None is off."""
    max_chars: int | None = None
    """Most characters; None is off, 0 keeps only what is empty."""
    reasons: ClassVar[tuple[str, ...]] = ("too_short", "too_long")

    def __post_init__(self) -> None:
        """Refuse limits that no text can meet."""
        low, high = self.min_chars, self.max_chars
        if (low is not None and low < 0) or (high is not None and high < (low or 0)):
            raise RecipeError(
                f"Length({self.field!r}) can keep nothing",
                got=f"min_chars={low}, max_chars={high}",
                next="0 <= min_chars <= max_chars; None switches a limit off",
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        for part in parts_of(record, self.field):
            length = n_chars(part.text)
            if self.min_chars is not None and length < self.min_chars:
                return Reject("too_short", length, self.min_chars, part.note())
            if self.max_chars is not None and length > self.max_chars:
                return Reject("too_long", length, self.max_chars, part.note())
        return record
