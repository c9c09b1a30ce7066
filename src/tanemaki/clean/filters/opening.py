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

_INVISIBLE = "\\s\u200b-\u200f\u2060\ufeff"  # a byte order mark or a zero-width space is nobody's answer
_MOST = 3  # a marker said again and again is a loop, no second try to begin
_BOLD = r"(?:\*\*|__)"


@dataclass(frozen=True, slots=True)
class Opening:
    """Keep records whose text begins with one of the markers, and take the marker off.

    A model that obeys the format nearly always obeys the rest; one that chats first does not. Width and case do not
    matter, nor white space, bold signs or a heading's signs around the marker; in brackets (【質問】), or as a heading or in
    bold on a line of its own, it needs no colon. Bold signs that belong to the text stay with it. A marker further down is
    none: containing is not beginning. One that comes again at the start of a line shows that the model went on with a second
    text. It rewrites the field that it reads, so it belongs on turn records; a text without its marker is not kept a
    second time.

    Reasons: ``no_marker`` (measured: the text's beginning; limit: the first marker), ``empty`` (nothing follows the marker),
    ``second_marker`` (measured: the second text's beginning).
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
    reasons: ClassVar[tuple[str, ...]] = ("no_marker", "empty", "second_marker")

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
        opened = begins_with(text, self._markers)
        if opened is None:
            return Reject("no_marker", text.strip()[:40], self._markers[0])
        rest, marker = opened
        for _ in range(_MOST):  # 質問：質問：…
            again = begins_with(rest, (marker,))
            if again is None:
                break
            rest = again[0]
        if not rest:
            return Reject("empty", 0, 1, f"nothing after {self._markers[0]!r}")
        second = _second(marker).search("\n" + fold_width(rest))
        if second:
            return Reject("second_marker", rest[max(0, second.start() - 1) :].strip()[:40], None)
        return record.with_fields(**{self.field: rest})


def begins_with(text: str, markers: tuple[str, ...]) -> tuple[str, str] | None:
    """Return what follows the marker, and which marker it was; None where the text begins with none.

    >>> begins_with("**回答：** はい。", ("回答：", "答え："))
    ('はい。', '回答：')
    """
    for marker in sorted(markers, key=len, reverse=True):
        found = _first(marker).match(fold_width(text))
        if found:
            rest = text[found.end() :].strip()
            bold = found["open"] or ""
            if bold and rest.endswith(bold) and rest.count(bold) == 1:  # **質問：円とは？**
                rest = rest.removesuffix(bold).rstrip()
            return rest, marker
    return None


@lru_cache(maxsize=256)
def _first(marker: str) -> re.Pattern[str]:
    return re.compile(rf"[{_INVISIBLE}]*(?:{_one(marker)})", re.IGNORECASE)


@lru_cache(maxsize=256)
def _second(marker: str) -> re.Pattern[str]:
    return re.compile(rf"\n[ \t]{{0,8}}(?:{_one(marker)})", re.IGNORECASE)


def _one(marker: str) -> str:
    folded = fold_width(marker).strip()
    word = re.escape(folded.rstrip(": "))
    # A Latin word must not go on ("Questions" is not "Question").
    bound = r"(?![a-z0-9])" if folded[-1:].isascii() and folded[-1:].isalnum() else ""
    heading, gap = r"#{1,6}\s{0,4}", r"\s{0,4}"
    if not folded.endswith(":"):
        return rf"(?P<open>)(?:{heading})?{_BOLD}?{gap}{word}{bound}{_BOLD}?"
    alone = r"[ \t]{0,4}(?=\n)"
    label = rf"{heading}{_BOLD}?{word}{_BOLD}?{alone}|{_BOLD}{word}{_BOLD}{alone}"
    return (
        rf"(?:{heading})?(?:{_BOLD}{gap}{word}(?:{gap}:{gap}{_BOLD}|{gap}{_BOLD}{gap}:)"
        rf"|(?P<open>{_BOLD}?){gap}{word}{gap}:)"
        rf"|{label}|[\[【]{gap}{word}{gap}[\]】]{gap}:?"
    )
