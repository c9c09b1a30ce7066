"""The passages that a record's text is made of, and where in its document a quotation stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tanemaki.core.record import Json, Record
from tanemaki.text.quotes import find_quote
from tanemaki.text.windows import cut_windows

_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")
_SHORT_CHARS = 20  # a heading or a label, which proves nothing by itself; a guess
_MIDDLE = 6  # tenths of a text that one half may have: a sentence seldom ends at the very middle
_SPAN = re.compile(r"chars (\d+)-\d+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text with its place in the document it was taken from."""

    text: str
    start: int
    """Where it begins in the document's text; in the record's where the record does not say."""
    page: int | None
    page_last: int | None


def passages_of(record: Record, *, apart: bool) -> list[Passage]:
    """Return the record's passages: those that its field ``passages`` lists, else its text, as one or, ``apart``, in parts.

    Parts are paragraphs, short ones (headings, labels) with the one after them; a text of one paragraph is parted in the
    middle, where a sentence ends.

    >>> text = "葛は秋に花が咲く。根から澱粉が取れる。\\n\\n葛湯は冬の飲み物である。体が温まる。"
    >>> [
    ...     one.start
    ...     for one in passages_of(Record("a", (1,), {"text": text, "span": "chars 100-136"}), apart=True)
    ... ]
    [100, 121]
    """
    listed = record.get("passages")
    if isinstance(listed, list) and all(isinstance(one, dict) and "text" in one for one in listed):
        return [
            Passage(str(one["text"]), one.get("start") or 0, one.get("page"), one.get("page_last"))
            for one in listed
        ]
    text = str(record["text"])
    span = _SPAN.match(str(record.get("span") or ""))
    start, page, last = int(span.group(1)) if span else 0, record.get("page"), record.get("page_last")
    spans = _paragraphs(text) if apart else [(0, len(text))]
    if apart and len(spans) == 1:
        halves = cut_windows(text, 1, max(1, _MIDDLE * len(text) // 10), cover=True)
        spans = [(one.start, one.end) for one in halves]
    return [Passage(text[at:end], start + at, page, last) for at, end in spans]


def _paragraphs(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    begun: int | None = None
    for match in _PARAGRAPH.finditer(text):
        begun = match.start() if begun is None else begun
        if match.end() - begun >= _SHORT_CHARS:
            spans.append((begun, match.end()))
            begun = None
    if begun is not None:
        spans[-1:] = [(spans[-1][0] if spans else begun, len(text.rstrip()))]
    return spans


def evidence_of(quote: str, passages: Sequence[Passage]) -> Iterator[dict[str, Json]]:
    """Yield where the quotation stands, once: the words as the passage writes them, passage, page and span."""
    for number, passage in enumerate(passages, 1):
        found = find_quote(quote, passage.text)
        if found:
            start, end = passage.start + found.start, passage.start + found.end
            yield {
                "quote": found.text,
                "passage": number,
                "page": passage.page,
                "page_last": passage.page_last,
                "span": f"chars {start}-{end}",
            }
            return
