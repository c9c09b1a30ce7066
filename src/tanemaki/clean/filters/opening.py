"""The marker with which a reply was told to begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from tanemaki.clean.filters.parts import text_of
from tanemaki.core.errors import RecipeError, shorten
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width


@dataclass(frozen=True, slots=True)
class Opening:
    """Keep records whose text begins with one of the markers, and take the marker off.

    A model that obeys the format nearly always obeys the rest; one that chats first does not. Width and case do not
    matter, nor white space, bold signs or a heading's signs around the marker. A marker further down is none:
    containing is not beginning. It rewrites the field that it reads, so it belongs on turn records; a text without
    its marker is not kept a second time.

    Reasons: ``no_marker`` (measured: the text's beginning; limit: the first marker), ``empty`` (nothing follows the marker).
    Source: ours; an output marker as Tanuki's scripts ask for it. Differs: they looked for the marker anywhere.

    >>> Opening("text", "問題：")(Record("a", (1,), {"text": "**問題:** 円周率とは？"}))["text"]
    '円周率とは？'
    """

    field: str
    """A text."""
    markers: str | tuple[str, ...]
    """What it may begin with, as the prompt asks for it: ``"問題："``, or several.

    A colon is required where one is given.
    """
    reasons: ClassVar[tuple[str, ...]] = ("no_marker", "empty")

    def __post_init__(self) -> None:
        """Refuse markers that any text would begin with."""
        markers = self._markers
        if not markers or not all(marker.strip(" :：*#") for marker in markers):
            raise RecipeError(
                "Opening needs at least one marker, each with a word in it",
                got=shorten(self.markers),
                next='e.g. Opening("text", "問題：")',
            )

    @property
    def _markers(self) -> tuple[str, ...]:
        return (self.markers,) if isinstance(self.markers, str) else self.markers

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record and strip its marker."""
        text = text_of(record, self.field)
        found = _pattern(self._markers).match(fold_width(text.lstrip()))
        if found is None:
            return Reject("no_marker", text.strip()[:40], self._markers[0])
        rest = text.lstrip()[found.end() :].strip()
        if not rest:
            return Reject("empty", 0, 1, f"nothing after {self._markers[0]!r}")
        return record.with_fields(**{self.field: rest})


@lru_cache(maxsize=256)
def _pattern(markers: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        "|".join(_one(marker) for marker in sorted(markers, key=len, reverse=True)), re.IGNORECASE
    )


def _one(marker: str) -> str:
    folded = fold_width(marker).strip()
    word = re.escape(folded.rstrip(": "))
    # Bold may end before the colon or after it; a Latin word must not go on ("Questions" is not "Question").
    end = (
        r"(?:\s{0,4}:\s{0,4}(?:\*\*|__)?|\s{0,4}(?:\*\*|__)\s{0,4}:)"
        if folded.endswith(":")
        else r"(?:\*\*|__)?"
    )
    bound = r"(?![a-z0-9])" if folded[-1:].isascii() and folded[-1:].isalnum() else ""
    return rf"(?:#{{1,6}}\s{{0,4}})?(?:\*\*|__)?\s{{0,4}}{word}{bound}{end}"
