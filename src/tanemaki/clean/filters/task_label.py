"""Labels before an instruction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from tanemaki.clean.filters.parts import check_language, text_of, with_english
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width
from tanemaki.text.tables import read_table

_QUOTES = {'"': '"', "「": "」", "『": "』", "“": "”"}


@dataclass(frozen=True, slots=True)
class TaskLabel:
    """Take off what only says that an instruction follows: 「質問：」, ``**Task 3:**``, ``Q1.``, quotes around all.

    The words stand in ``data/task_labels.tsv`` and count with a colon, a closing bracket or, after a number, a full stop.
    Bold signs that were opened before the label go with it, and so does a list number. Taken off until nothing changes.

    Reasons: ``empty`` (nothing but labels).
    Source: "Magpie" (arXiv 2406.08464; ``exp/str_utils.py``, ``remove_prefix``). Differs: the same for every model, with
    Japanese labels; texts are not cut after their first question mark, which there takes the data of a task away.

    >>> TaskLabel("text", "ja")(Record("a", (1,), {"text": "【質問１】葛湯の作り方は？"}))["text"]
    '葛湯の作り方は？'
    """

    field: str
    """A text."""
    language: str
    """``ja`` (which knows English labels, too) or ``en``."""
    reasons: ClassVar[tuple[str, ...]] = ("empty",)

    def __post_init__(self) -> None:
        """Refuse a language it does not know."""
        check_language(self.language, self)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record, without its labels."""
        text = before = text_of(record, self.field)
        while (shorter := _shorter(text.strip(), self.language)) != text:
            text = shorter
        if not text:
            return Reject("empty", 0, 1, f"nothing after {before.strip()[:40]!r}")
        return record if text == before.strip() else record.with_fields(**{self.field: text})


def _shorter(text: str, language: str) -> str:
    found = _pattern(language).match(fold_width(text))
    if found:
        return text[found.end() :].strip()
    closing = _QUOTES.get(text[:1])
    if closing and len(text) > 1 and text.endswith(closing) and closing not in text[1:-1]:
        return text[1:-1].strip()
    return text


@lru_cache(maxsize=2)
def _pattern(language: str) -> re.Pattern[str]:
    rows = read_table("tanemaki.clean.filters", "task_labels")
    words = "|".join(row["pattern"] for row in rows if row["language"] in with_english(language))
    signs, close = r"(?:#{1,6}[ \t]*)?", r"[ \t]*"
    return re.compile(
        rf"{signs}(?:"
        rf"(?P<bold>\*\*|__)?[ \t]*(?:{words}){close}(?(bold)(?::[ \t]*(?:\*\*|__)|(?:\*\*|__)[ \t]*:?)|:)"
        rf"|[\[【(<〔《](?:{words})[\]】)>〕》][ \t]*:?"
        r"|(?:q|part|問|exercise) ?\d{1,3}\.(?!\d)"
        r"|\d{1,2}[.)](?!\d)(?=[ \t]*\S)"
        r")[ \t\n]*",
        re.IGNORECASE,
    )
