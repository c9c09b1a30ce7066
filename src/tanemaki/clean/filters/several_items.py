"""Lists where one text was wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import parts_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import nfkc

_LINE = re.compile(r"^[ \t]*(?:[-*+•・●■◆]|\d{1,2}[.):、]|[(\[]\d{1,2}[)\]])[ \t*_]*\S", re.MULTILINE)
_CIRCLED = re.compile(r"[①-⑳]")
_NUMBER = re.compile(r"(?:^|(?<=[\s。.!?;、]))(\d{1,2})[.):]\s?(?=[^\s\d])|[(\[](\d{1,2})[)\]]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SeveralItems:
    """Keep records whose text is one thing and no list of several.

    A model that is asked for one person, place or title writes a numbered list of them when it has written lists before.
    Lines with a list sign count, and numbers that go up from one within a line.

    Reasons: ``several_items`` (measured: how many; limit: 1).
    Source: ours.

    >>> SeveralItems("text")(Record("a", (1,), {"text": "1. 港町の漁師\\n2. その妻\\n3. 二人の娘"}))
    Reject(reason='several_items', measured=3, limit=1, note=None)
    """

    field: str
    """A text, a list of texts, or messages."""
    reasons: ClassVar[tuple[str, ...]] = ("several_items",)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        for part in parts_of(record, self.field):
            n_items = max(len(_LINE.findall(part.text)), _counted(part.text))
            if n_items > 1:
                return Reject("several_items", n_items, 1, part.note())
        return record


def _counted(text: str) -> int:
    """Return how far the numbers of items go up from one."""
    circled = [ord(sign) - ord("①") + 1 for sign in _CIRCLED.findall(text)]
    reached = 0
    for number in circled or [int(one[0] or one[1]) for one in _NUMBER.findall(nfkc(text))]:
        reached += number == reached + 1
    return reached
