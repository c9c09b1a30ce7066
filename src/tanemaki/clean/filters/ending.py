"""Texts that stop before they have said what they announced."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import parts_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width

_OPEN_ENDS = (":", "：", ",", "、", "，", ";", "；", "(", "（", "「", "『", "“")
_TAIL_CHARS = 400  # the last sentence, and the end of the one before it
# What a sentence cannot end on, in running text alone: a heading or a list's item may. Of 14,029 texts (this repository's
# golden files, tables and pages, its libraries' descriptions) these stop none; of 2,665 golden texts that were cut at a
# drawn place they know one in thirteen (November 2026). Left out, since people end on them: prepositions ("what to look
# for"), が after a verb (「そうなんですが」), こと, で, and wishes (「よい週末を」「お大事に」).
_SENTENCE = re.compile(r"[。!?](?!\Z)|[.][\"')\]]?\s")
_BROKEN = re.compile(
    r"(?<![\w'.-])(?:the|an|and|or|but|because|their|your|our|its)\Z"
    r"|[ぁ-ん一-鿿ァ-ヶー]を\Z|[一-鿿ァ-ヶー](?:が|は|の|に|と)\Z",
)
_WISH = re.compile(r"(?:\A|[。、!?\s])(?:どうぞ|また)?(?:よい|良い|いい|お|ご|また)[^。、\n]{0,14}[をに]\Z")
_TO_GO_ON = re.compile(
    r"complete|continu|finish|fill|blank|sentence|続き|続け|完成|穴埋め|空欄|途中", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Ending:
    """Keep records none of whose texts ends in the middle of a sentence or before an announced list.

    A colon, a comma, a semicolon or an opening bracket at the very end promises what does not follow: a small model that
    stops after "Here is how:", or a reply that a stop text cut. So does a particle, an article or a conjunction at the end
    of running text (「…まず米を」, "… and the"), whatever the server says of the reply's end. What ends without any sign (a
    heading, a line of code, a list's last item) is kept, and so is a text that asks for its own continuation.

    Reasons: ``unfinished`` (measured: the last 40 characters).
    Source: ours.

    >>> Ending("text")(Record("a", (1,), {"text": "手順は次のとおりです："})).reason
    'unfinished'
    """

    field: str
    """A text, a list of texts, or messages."""
    reasons: ClassVar[tuple[str, ...]] = ("unfinished",)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        for part in parts_of(record, self.field):
            text = part.text.rstrip().rstrip("*_ \t\r\n")
            if text.endswith(_OPEN_ENDS) or _is_broken(text):
                return Reject("unfinished", text[-40:], None, part.note())
        return record


def _is_broken(text: str) -> bool:
    tail = fold_width(text[-_TAIL_CHARS:])
    last_line = tail[tail.rfind("\n") + 1 :]
    if not (_BROKEN.search(last_line) and _SENTENCE.search(tail)):
        return False
    return not (_WISH.search(last_line) or _TO_GO_ON.search(text))
