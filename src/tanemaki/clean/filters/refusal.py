"""Replies that decline."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from tanemaki.clean.filters.parts import check_language, parts_of, with_english
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width
from tanemaki.text.sentences import split_sentences
from tanemaki.text.tables import read_patterns

_HEAD_CHARS = 400  # where an assistant declines: at once, in its first three sentences
_HEAD_SENTENCES = 3
_APOLOGY_CHARS = 16  # 「誠に申し訳ございません。」 belongs to the sentence after it


@dataclass(frozen=True, slots=True)
class Refusal:
    """Keep records whose text does not decline to answer.

    One of the phrases of ``data/refusals.tsv`` must begin one of the first three sentences. So a story in which
    somebody says 「できません」, a letter of regret and an explanation of what AI cannot do are kept. Of messages
    the assistant's are judged.

    Reasons: ``refusal`` (measured: the sentence).
    Source: ours; word lists over whole texts, as Evol-Instruct's "sorry" (arXiv 2304.12244, §3.2), drop every apology.

    >>> Refusal("text", "ja")(
    ...     Record("a", (1,), {"text": "申し訳ありませんが、そのご質問にはお答えできません。"})
    ... ).reason
    'refusal'
    """

    field: str
    """A text, a list of texts, or messages."""
    language: str
    """``ja`` (which knows English phrases, too) or ``en``."""
    reasons: ClassVar[tuple[str, ...]] = ("refusal",)

    def __post_init__(self) -> None:
        """Refuse a language it does not know."""
        check_language(self.language, self)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        patterns = read_patterns("tanemaki.clean.filters", "refusals", with_english(self.language))
        for part in parts_of(record, self.field):
            if part.role not in (None, "assistant"):
                continue
            for sentence in _head(part.text):
                if any(pattern.match(sentence) for pattern in patterns):
                    return Reject("refusal", sentence[:80], None, part.note())
        return record


def _head(text: str) -> list[str]:
    head = fold_width(text[:_HEAD_CHARS]).replace("’", "'").strip()
    if head[:1] in '「"“' and text.strip()[-1:] in '」"”':  # the whole reply in quotation marks
        head = head[1:]
    sentences = [sentence.lstrip("*#-> ") for sentence in split_sentences(head)[:_HEAD_SENTENCES]]
    joined = [
        f"{first.rstrip('。')}、{second}"
        for first, second in pairwise(sentences)
        if first.endswith("。") and len(first) <= _APOLOGY_CHARS
    ]
    return sentences + joined
