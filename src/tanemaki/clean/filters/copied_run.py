"""Texts that carry a piece of another one word for word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import text_of
from tanemaki.core.errors import RecipeError
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.similarity import squeeze


@dataclass(frozen=True, slots=True)
class CopiedRun:
    """Keep records whose text holds no long run of letters that stands in another text, too.

    An instruction that carries a sentence of its own answer gives the answer away. Punctuation, white space, width and case
    do not count; titles and names are shorter than the limit.

    Reasons: ``copied_run`` (measured: the run; limit: fewest letters that make one).
    Cost: linear in both texts.
    Source: ours; instructions of back-translation (arXiv 2308.06259) that quote the text are a fault that its curation
    misses.

    >>> row = {
    ...     "instruction": "葛湯は葛の澱粉を湯で溶いた飲み物、と書いて",
    ...     "text": "葛湯は、葛の澱粉を湯で溶いた飲み物です。",
    ... }
    >>> CopiedRun("instruction", of="text", letters=12)(Record("a", (1,), row)).measured
    '葛湯は葛の澱粉を湯で溶いた飲み物'
    """

    field: str
    """A text."""
    of: str
    """The text that it must not copy."""
    letters: int
    """Letters and digits in a row, from which on it is a copy; 1 or more."""
    reasons: ClassVar[tuple[str, ...]] = ("copied_run",)

    def __post_init__(self) -> None:
        """Refuse a limit that every text reaches."""
        if self.letters < 1:
            raise RecipeError(
                "CopiedRun: a run has one letter or more", got=repr(self.letters), next="e.g. 20"
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, self.of)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        said, other = squeeze(text_of(record, self.field)), squeeze(text_of(record, self.of))
        known = {other[at : at + self.letters] for at in range(len(other) - self.letters + 1)}
        for at in range(len(said) - self.letters + 1):
            if said[at : at + self.letters] in known:
                end = at + self.letters
                while end < len(said) and said[end - self.letters + 1 : end + 1] in known:
                    end += 1
                return Reject("copied_run", said[at:end][:200], self.letters)
        return record
