"""The label that an answer is headed by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from tanemaki.clean.filters.opening import begins_with
from tanemaki.clean.filters.parts import check_language, text_of, with_english
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width
from tanemaki.text.tables import read_table

_LETTER = "A:"  # a label as a capital alone: "a: 1" is a line of data, "A: milk, B: tea" a choice
_MOST = 3  # 回答：答え：…; a label said more often is a loop
_CHOICE = re.compile(r"(?<![A-Za-z])B[ \t]?[:.)]")


@dataclass(frozen=True, slots=True)
class AnswerLabel:
    """Take off what only says that an answer follows: 「回答：」, ``**Answer:**``, 【答え】, ``A:``.

    A model that has read worked examples goes on with their form. The words stand in ``data/answer_labels.tsv``; one is
    enough at the beginning, dressed as :class:`~tanemaki.clean.filters.opening.Opening` takes its marker. Labels that are
    the answer's own form, because another one heads a line further down (理由：…), stay, and so do lines of data (``a: 1``).

    Reasons: ``empty`` (nothing but the label).
    Source: ours.

    >>> AnswerLabel("text", "ja")(Record("a", (1,), {"text": "**回答：** 葛は根から採れます。"}))["text"]
    '葛は根から採れます。'
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
        """Judge one record, without its label."""
        text = text_of(record, self.field)
        rest = text
        for _ in range(_MOST):
            opened = begins_with(rest, _words("label", self.language))
            if opened is None or (opened[1] == _LETTER and not _is_answer(fold_width(rest))):
                break
            rest = opened[0]
        if not rest and text.strip():
            return Reject("empty", 0, 1, f"nothing after {text.strip()[:40]!r}")
        is_its_own_form = rest != text and _beside(self.language).search(fold_width(rest))
        return record if rest == text or is_its_own_form else record.with_fields(**{self.field: rest})


def _is_answer(text: str) -> bool:
    return text.lstrip("*_# \t\n").startswith(_LETTER[0]) and not _CHOICE.search(text)


@lru_cache(maxsize=8)
def _words(kind: str, language: str) -> tuple[str, ...]:
    rows = read_table("tanemaki.clean.filters", "answer_labels")
    return tuple(
        row["word"] + ":" for row in rows if row["kind"] == kind and row["language"] in with_english(language)
    )


@lru_cache(maxsize=2)
def _beside(language: str) -> re.Pattern[str]:
    words = "|".join(re.escape(word.rstrip(":")) for word in _words("beside", language))
    close = r"[ \t]{0,4}\d{0,2}[ \t]{0,4}(?:[*_]{0,2}[ \t]{0,4}:|[\]】])"
    return re.compile(
        rf"^[ \t>*_#\-・\[【]{{0,12}}(?:{words}){close}|^#{{1,6}}[ \t]+(?:{words})[ \t]*$|^[a-z_]{{1,30}}:[ \t]",
        re.IGNORECASE | re.MULTILINE,
    )
