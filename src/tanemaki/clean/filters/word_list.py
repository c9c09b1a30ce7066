"""Texts that hold something of a list."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from tanemaki.clean.filters.parts import parts_of
from tanemaki.core.record import Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width


@dataclass(frozen=True, slots=True)
class WordList:
    """Keep records in whose texts none of the patterns of a recipe's table is found.

    The table has the columns ``pattern`` (a regular expression; case and width do not matter, ``\\A`` is the text's
    beginning) and ``why``. A pattern should be as narrow as what it means: a word alone drops every harmless text
    that holds it.

    Reasons: ``blacklisted`` (measured: what was found; the note is the row's ``why``).
    Cost: one search a pattern.
    Source: "Self-Instruct" (arXiv 2212.10560, section 2.2): instructions with words such as image, graph or file are
    left out. Differs: the list is data of the recipe, for each language, and patterns say what is meant.

    >>> WordList("instruction", "blacklist").reads
    ('instruction',)
    """

    field: str
    """A text, a list of texts, or messages."""
    table: str
    """The table's file name without ending."""
    name: str = dataclasses.field(default="word_list", init=False)
    reasons: ClassVar[tuple[str, ...]] = ("blacklisted",)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    @property
    def tables(self) -> Mapping[str, frozenset[str]]:
        """The table with the columns that it needs."""
        return {self.table: frozenset({"pattern", "why"})}

    def __call__(self, record: Record, context: Context) -> Record | Reject:
        """Judge one record."""
        for part in parts_of(record, self.field):
            folded = fold_width(part.text.strip())
            for row in context.table(self.table):
                found = _compiled(row["pattern"]).search(folded)
                if found:
                    return Reject("blacklisted", found.group()[:40], None, part.note(row["why"]))
        return record


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
