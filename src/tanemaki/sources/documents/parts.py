"""What a reader of documents gives, and how passages are cut from it.

A passage is a run of whole blocks: it ends where a paragraph or a sentence ends, and begins anew at a heading once it is
long enough. Its span counts the characters of :attr:`Document.text`, so that any row can be found again in its document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tanemaki.text.windows import cut_windows

BETWEEN = "\n\n"
"""What stands between two blocks in a document's text."""

_JAPANESE = "\u3001-\u303f\u3041-\u30ff\u3400-\u9fff\uff01-\uff60"
_BREAK_IN_JAPANESE = re.compile(f"(?<=[{_JAPANESE}])[ \t]*\n[ \t]*(?=[{_JAPANESE}])")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list, table or code block, as it reads."""

    text: str
    page: int | None = None
    """From 1; None where the format has no pages."""
    section: tuple[str, ...] = ()
    """The headings that it stands under, the widest first."""
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read."""

    blocks: tuple[Block, ...]
    title: str | None = None
    licence: str | None = None
    """What the document itself states; never guessed."""
    url: str | None = None
    faults: tuple[str, ...] = ()
    """What of it could not be read though the rest could."""

    @property
    def text(self) -> str:
        """The whole text, which spans count in."""
        return BETWEEN.join(block.text for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document."""

    text: str
    start: int
    end: int
    page: int | None
    page_last: int | None
    section: tuple[str, ...]

    @property
    def span(self) -> str:
        """The place as people write it: ``chars 120-480``."""
        return f"chars {self.start}-{self.end}"


@dataclass(slots=True)
class _Run:
    """Blocks that passages may hold together, with the place of each in the document's text."""

    blocks: list[tuple[int, Block]] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.blocks[0][0]

    @property
    def n_chars(self) -> int:
        last, block = self.blocks[-1]
        return last + len(block.text) - self.start


def cut(document: Document, *, chars_min: int, chars_max: int) -> Iterator[Passage]:
    """Yield the passages of a document, in order and without overlap; all of its text is in one of them.

    A passage has at most ``chars_max`` characters, and fewer than ``chars_min`` only where nothing more stands under its
    heading. A code block, a table or a problem with its solution is parted only if it is longer than a passage may be,
    then at its lines. Cost: linear in the text.

    >>> handbook = Document(
    ...     (Block("休暇", section=("休暇",), is_heading=True), Block("有給は年に十日。", section=("休暇",)))
    ... )
    >>> [(one.text, one.span, one.section) for one in cut(handbook, chars_min=1, chars_max=80)]
    [('休暇\\n\\n有給は年に十日。', 'chars 0-12', ('休暇',))]
    """
    for run in _runs(document.blocks, chars_min):
        text = BETWEEN.join(block.text for _, block in run.blocks)
        for start, end in _spans(text, chars_min, chars_max):
            inside = [
                block
                for at, block in run.blocks
                if at - run.start < end and at - run.start + len(block.text) > start
            ]
            pages = [block.page for block in inside if block.page is not None]
            yield Passage(
                text[start:end],
                run.start + start,
                run.start + end,
                min(pages, default=None),
                max(pages, default=None),
                _shared([block.section for block in inside]),
            )


def _spans(text: str, chars_min: int, chars_max: int) -> Iterator[tuple[int, int]]:
    for window in cut_windows(text, chars_min, chars_max, cover=True):
        start = window.start
        while window.end - start > chars_max:
            end = max(text.rfind(sign, start, start + chars_max) for sign in "\n 、")
            end = end + 1 if end > start else start + chars_max
            yield start, start + len(text[start:end].rstrip())
            start = end + len(text[end : window.end]) - len(text[end : window.end].lstrip())
        if start < window.end:
            yield start, window.end


def _runs(blocks: Sequence[Block], chars_min: int) -> Iterator[_Run]:
    """Yield runs of blocks: a heading begins a new one where the run before it is long enough."""
    run, at = _Run(), 0
    for block in blocks:
        begins = block.is_heading and run.blocks and not run.blocks[-1][1].is_heading
        if begins and run.n_chars >= chars_min:
            yield run
            run = _Run()
        run.blocks.append((at, block))
        at += len(block.text) + len(BETWEEN)
    if run.blocks:
        yield run


def _shared(sections: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the headings that all of the sections stand under; the first section's where they share none."""
    shared: tuple[str, ...] = ()
    for level in zip(*sections, strict=False):
        if len(set(level)) > 1:
            break
        shared = (*shared, level[0])
    return shared or (sections[0] if sections else ())


def join_wrapped(text: str) -> str:
    """Return the text with white space as a reader sees it: line breaks inside Japanese go, others become one space.

    >>> join_wrapped("葛は根の\\n澱粉です。\\nIt is\\n starch.")
    '葛は根の澱粉です。 It is starch.'
    """
    return re.sub(r"[ \t\r\n\f\v\u00a0]+", " ", _BREAK_IN_JAPANESE.sub("", text)).strip(" ")


def deeper(section: tuple[str, ...], levels: list[int], level: int, heading: str) -> tuple[str, ...]:
    """Return the section below a heading of this level; ``levels`` are those of ``section`` and are kept up to date."""
    while levels and levels[-1] >= level:
        levels.pop()
    levels.append(level)
    return (*section[: len(levels) - 1], heading)
