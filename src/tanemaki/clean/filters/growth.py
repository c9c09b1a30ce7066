"""Texts that were rewritten into something much longer or shorter."""

from __future__ import annotations

from dataclasses import dataclass

from tanemaki.clean.filters.parts import text_of
from tanemaki.core.errors import RecipeError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import n_chars


@dataclass(frozen=True, slots=True)
class Growth:
    """Keep records whose text is about as long as the one it was made from, or longer by a stated measure at most.

    It may be ``max_ratio`` times as long, or ``plus_chars`` characters longer, whichever is more: a short text must be able
    to take in a sentence. It must keep ``min_ratio`` of the length.

    Reasons: ``grew_too_much``, ``shrank_too_much`` (measured and limit in characters).
    Source: ours; Evol-Instruct and EvolQuality ask for "10 to 20 words" more in the prompt and never look.

    >>> turn = Record("a", (1,), {"text": "俳句を三句、春の季語を使って書いて。", "parent": "俳句を書いて。"})
    >>> Growth("text", of="parent", plus_chars=10)(turn)
    Reject(reason='grew_too_much', measured=18, limit=17, note=None)
    """

    field: str
    """A text."""
    of: str
    """The text that it was made from."""
    max_ratio: float = 1.0
    """Longest text, as a multiple of the other's length."""
    plus_chars: int = 0
    """Characters that may be added to any text."""
    min_ratio: float | None = None
    """Shortest text, as a multiple of the other's length; None is off."""

    def __post_init__(self) -> None:
        """Refuse limits that no text can meet."""
        if self.max_ratio < 0 or self.plus_chars < 0 or (self.min_ratio or 0) > max(1, self.max_ratio):
            raise RecipeError(
                f"Growth({self.field!r}) can keep nothing",
                got=f"max_ratio={self.max_ratio}, plus_chars={self.plus_chars}, min_ratio={self.min_ratio}",
                next="e.g. max_ratio=2.0, plus_chars=200, min_ratio=0.5",
            )

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        return ("grew_too_much",) if self.min_ratio is None else ("grew_too_much", "shrank_too_much")

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, self.of)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        before, after = n_chars(text_of(record, self.of)), n_chars(text_of(record, self.field))
        most = max(int(before * self.max_ratio), before + self.plus_chars)
        if after > most:
            return Reject("grew_too_much", after, most)
        if self.min_ratio is not None and after < before * self.min_ratio:
            return Reject("shrank_too_much", after, int(before * self.min_ratio))
        return record
