"""Windows of a long text that begin and end where the text itself does: at sections, paragraphs and sentences.

A window never begins or ends inside a block that only makes sense as a whole: a problem with its solution, a proof, a
code block, a table, a displayed formula. A block that is longer than a window may be is in no window; it is never cut.

A solution is over at the next heading or problem, at an end sign (∎, 証明終, a rule), at two blank lines, or at the first
blank line where it is a short one on its marker's own line (解答：7); what follows it without any of these belongs to it.
Lengths are code points of the text as it stands, because windows are places in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tanemaki.core.seeding import Draw
from tanemaki.text.normalise import fold_width
from tanemaki.text.sentences import split_sentences
from tanemaki.text.tables import read_table

_SECTION, _PARAGRAPH, _SENTENCE = 3, 2, 1
_NEAR = 0.7  # a stronger boundary is taken before a longer window down to this share of the wanted length
_STRONG = 3  # how much likelier a window begins at a paragraph than within one: a matter of taste
_BLANK = 2  # blank lines that end a solution
_SHORT_ANSWER = (
    30  # characters after a solution's marker that may be the whole of it; a worked one begins longer
)
_WRAPPED = re.compile(r"[a-z,;]\s*\Z")


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a text: ``text[start:end]``, without white space at its ends."""

    start: int
    end: int

    @property
    def span(self) -> str:
        """The place as an origin tells it, e.g. ``chars 120-480``."""
        return f"chars {self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Piece:
    """What a window may hold wholly or not at all: a sentence, a heading or a block."""

    start: int
    end: int
    level: int
    """How strong the boundary before it is: 3 a section, 2 a paragraph, 1 a sentence."""


def cut_windows(text: str, min_chars: int, max_chars: int, *, cover: bool = False) -> list[Window]:
    """Return windows one after the other that cover the text, as long as ``max_chars`` and the boundaries allow.

    A rest below ``min_chars`` joins the window before it where it fits. Where it does not, and where a block is too long, it
    is left out; with ``cover`` it is a window all the same, so that all of the text is in one.

    >>> text = "春です。桜が咲きました。\\n\\n問題：3+4は？\\n解答：7です。\\n\\n夏です。海が青い。"
    >>> [text[w.start : w.end] for w in cut_windows(text, 5, 20)]
    ['春です。桜が咲きました。', '問題：3+4は？\\n解答：7です。', '夏です。海が青い。']
    """
    windows: list[Window] = []
    for run in _runs(pieces_of(text), max_chars, cover=cover):
        at = 0
        while at < len(run):
            stop = _stop(run, at, min_chars, max_chars, max_chars)
            if stop is None and at and run[-1].end - windows[-1].start <= max_chars:
                windows[-1] = Window(windows[-1].start, run[-1].end)
            elif stop is None and cover:
                windows.append(Window(run[at].start, run[-1].end))
            if stop is None:
                break
            windows.append(Window(run[at].start, run[stop - 1].end))
            at = stop
    return windows


def draw_window(text: str, min_chars: int, max_chars: int, draw: Draw) -> Window | None:
    """Return one window at a drawn place and of a drawn length, both ends on boundaries; None where none fits.

    A window begins at any sentence from which one fits, at a paragraph or section three times as likely.
    """
    starts = [
        (run, at)
        for run in _runs(pieces_of(text), max_chars)
        for at in range(len(run))
        if _stop(run, at, min_chars, max_chars, max_chars) is not None
    ]
    if not starts:
        return None
    run, at = draw.weighted(starts, [_STRONG if run[at].level >= _PARAGRAPH else 1 for run, at in starts])
    stop = _stop(run, at, min_chars, draw.between(min_chars, max_chars), max_chars)
    return Window(run[at].start, run[(stop or at + 1) - 1].end)


def pieces_of(text: str) -> list[Piece]:
    """Return the pieces of a text in order; white space between them belongs to none.

    Cost: one pass over the lines, and one over the sentences of plain ones.
    """
    pieces: list[Piece] = []
    level, wrapped = _SECTION, False
    for start, end, whole in _blocks(text):
        if start == end:
            level, wrapped = max(level, _PARAGRAPH) if level else 0, False
            continue
        folded = fold_width(text[start:end])
        if whole or _is("heading", folded):
            pieces.append(Piece(start, end, _SECTION))
            level, wrapped = (_PARAGRAPH if whole else 0), False
            continue
        at = start
        for sentence in split_sentences(text[start:end]):
            place = text.index(sentence, at)
            at = place + len(sentence)
            if pieces and ((wrapped and folded.lstrip()[:1].islower()) or level == 0):
                # a wrapped line goes on, and a heading keeps its first sentence
                pieces[-1] = Piece(pieces[-1].start, at, pieces[-1].level)
            else:
                pieces.append(Piece(place, at, level))
            level, wrapped = _SENTENCE, False
        wrapped = bool(_WRAPPED.search(text[start:end]))
    return pieces


def _blocks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield each line, and each block of lines that stays whole; an empty span for a paragraph's end."""
    lines = _lines(text)
    n = 0
    while n < len(lines):
        stop = _block_end(text, lines, n)
        if stop > n + 1 or (stop == n + 1 and _opens(text, lines[n])):
            while not text[lines[stop - 1][0] : lines[stop - 1][1]].strip():
                stop -= 1
            yield _bare(text, lines[n][0], lines[stop - 1][1], whole=True)
            n = stop
            continue
        start, end = lines[n]
        yield _bare(text, start, end, whole=False)
        n += 1


def _bare(text: str, start: int, end: int, *, whole: bool) -> tuple[int, int, bool]:
    told = text[start:end]
    if not told.strip():
        return start, start, False
    return start + len(told) - len(told.lstrip()), start + len(told.rstrip()), whole


def _lines(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for line in text.split("\n"):
        found.append((at, at + len(line)))
        at += len(line) + 1
    return found


def _opens(text: str, line: tuple[int, int]) -> bool:
    folded = fold_width(text[line[0] : line[1]])
    return _heads("problem", folded) or _heads("solution", folded)


def _block_end(text: str, lines: list[tuple[int, int]], first: int) -> int:
    """Return the line after the block that begins with this line; the line itself where none begins."""
    told = text[lines[first][0] : lines[first][1]]
    for mark in ("```", "~~~", "$$", "\\["):
        if told.lstrip().startswith(mark):
            close = "\\]" if mark == "\\[" else mark
            if close in told.lstrip()[len(mark) :]:
                return first + 1 if mark in ("$$", "\\[") else first
            for n in range(first + 1, len(lines)):
                if close in text[lines[n][0] : lines[n][1]]:
                    return n + 1
            return len(lines)
    n = first
    while n < len(lines) and _is_row(text[lines[n][0] : lines[n][1]]):
        n += 1
    if n > first + 1:
        return n
    return _solution_end(text, lines, first) if _opens(text, lines[first]) else first


def _is_row(line: str) -> bool:
    told = line.strip()
    ruled = "--" in told and "|" in told and not told.strip(" :|-")
    return ruled or (len(told) > 1 and told[0] == told[-1] == "|")


def _solution_end(text: str, lines: list[tuple[int, int]], first: int) -> int:
    """Return the line after a problem and its solution, or after a solution alone."""
    n, blank, solving, short = first, 0, False, False
    while n < len(lines):
        folded = fold_width(text[lines[n][0] : lines[n][1]])
        blank = 0 if folded.strip() else blank + 1
        folded = folded.strip()
        head = _markers()["solution"].match(folded)
        if head:
            solving, short = True, 0 < len(folded[head.end() :].strip()) <= _SHORT_ANSWER
        elif n > first and (
            (blank and short) or blank == _BLANK or _heads("problem", folded) or _is("heading", folded)
        ):
            return n
        elif n > first and solving and folded.strip() and _is("end", folded):
            return n + 1
        n += 1
    return n


def _heads(kind: str, folded: str) -> bool:
    return bool(_markers()[kind].match(folded.strip()))


def _is(kind: str, folded: str) -> bool:
    return bool(_markers()[kind].fullmatch(folded.strip()))


@lru_cache(maxsize=1)
def _markers() -> dict[str, re.Pattern[str]]:
    words: dict[str, list[str]] = {}
    for row in read_table("tanemaki.text", "block_markers"):
        words.setdefault(row["kind"], []).append(row["pattern"])
    head = (
        r"[ \t>]*(?:#{1,6}[ \t]*)?(?:\*\*|__)?[\[【<(〈]?[ \t]*(?:%s)[ \t]*"
        r"(?:(?:\(?\d{1,3}(?:[.-]\d{1,3})?\)?|[一二三四五六七八九十]{1,3})(?:[ \t.]|$))?[ \t]*"
        r"(?:\(?\d{0,3}\)?[\]】>)〉]|\(?\d{0,3}\)?(?:\*\*|__)?[ \t]*:|(?:\*\*|__)?[ \t]*$|(?<=\d[ \t.]))"
    )
    return {
        kind: re.compile(
            head % "|".join(told) if kind in ("problem", "solution") else "|".join(told), re.IGNORECASE
        )
        for kind, told in words.items()
    }


def _runs(pieces: list[Piece], max_chars: int, *, cover: bool = False) -> Iterator[list[Piece]]:
    """Yield the longest runs of neighbouring pieces that each fit into a window; with ``cover`` the others, too, alone."""
    run: list[Piece] = []
    for piece in pieces:
        if piece.end - piece.start <= max_chars:
            run.append(piece)
            continue
        if run:
            yield run
        run = []
        if cover:
            yield [piece]
    if run:
        yield run


def _stop(run: list[Piece], at: int, min_chars: int, wanted: int, max_chars: int) -> int | None:
    """Return where the window that begins at a piece ends; None where none of at least ``min_chars`` fits.

    Of the ends up to ``wanted`` the one before the strongest boundary, from :data:`_NEAR` of it on; else the next one.
    """
    best: tuple[int, int] | None = None
    for stop in range(at + 1, len(run) + 1):
        length = run[stop - 1].end - run[at].start
        if length > max_chars or (length > wanted and best is not None):
            break
        if length < min_chars:
            continue
        level = run[stop].level if stop < len(run) else _SECTION
        rank = (level if length >= _NEAR * wanted else 0, stop)
        if best is None or rank > best:
            best = rank
        if length > wanted:
            break
    return best[1] if best else None
