"""Quotations that must stand in their source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.core.errors import shorten
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import n_chars
from tanemaki.text.quotes import find_quote


@dataclass(frozen=True, slots=True)
class Quoted:
    """Keep records whose quotation stands word for word in the source.

    Word for word is after NFKC and with white space folded (:mod:`tanemaki.text.quotes`). A quotation that is too short
    stands in any text, and one that is too long points at nothing.

    Reasons: ``quote_too_short``, ``quote_too_long`` (measured and limit in characters), ``quote_not_in_source`` (measured:
    the quotation's beginning).
    Cost: linear in the source.
    Source: ours.

    >>> Quoted("quote", of="text")(
    ...     Record("a", (1,), {"quote": "水は九十度で沸く", "text": "水は百度で沸く。"})
    ... ).reason
    'quote_not_in_source'
    """

    field: str
    """The quotation: a text."""
    of: str
    """The source: a text, or a list of texts of which one must hold it."""
    min_chars: int = (
        6  # 「年十日とする」 has 6; what is shorter is a name or a number that may stand anywhere
    )
    max_chars: int | None = (
        600  # a long paragraph: two or three sentences have some 200 characters in either language
    )
    reasons: ClassVar[tuple[str, ...]] = ("quote_too_short", "quote_too_long", "quote_not_in_source")

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, self.of)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        quote, source = str(record[self.field]), record[self.of]
        length = n_chars(quote)
        if length < self.min_chars:
            return Reject("quote_too_short", length, self.min_chars, shorten(quote, 80))
        if self.max_chars is not None and length > self.max_chars:
            return Reject("quote_too_long", length, self.max_chars, shorten(quote, 80))
        texts = [source] if isinstance(source, str) else list(source)
        if not any(find_quote(quote, str(text)) for text in texts):
            return Reject("quote_not_in_source", quote[:80])
        return record
