"""Placeholders for what a translation must not touch: code, formulas, numbers, names of variables, addresses.

:func:`protect` puts a mark (``⟦1⟧``) in the place of each such piece, :func:`restore` puts the pieces back, byte for byte;
:func:`find_fault` says what a model did to the marks in between. The brackets hardly occur in texts, and models leave them
alone; those that a text has are protected like the rest.

Not covered: code that stands without fence or back-ticks, and numbers written in words or with kanji (three, 3万): these are
translated, and compared afterwards (:mod:`tanemaki.text.quantities`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

from tanemaki.text.normalise import fold_width
from tanemaki.text.sentences import split_sentences
from tanemaki.text.tables import read_table

Reason = Literal["lost_placeholder", "doubled_placeholder", "invented_placeholder", "reordered_placeholder"]
REASONS: tuple[Reason, ...] = (
    "lost_placeholder",
    "doubled_placeholder",
    "invented_placeholder",
    "reordered_placeholder",
)
_MARK = re.compile(r"⟦\s{0,2}(\d{1,5})\s{0,2}⟧")
_BRACKETS = re.compile(r"[⟦⟧]")


@dataclass(frozen=True, slots=True)
class Protected:
    """A text with marks, and what they stand for."""

    text: str
    pieces: tuple[str, ...]
    """What mark ``first`` and the ones after it stand for."""
    blocks: frozenset[int]
    """Numbers of the marks that stand for blocks."""


class Fault(NamedTuple):
    """What is wrong with the marks of a text."""

    reason: Reason
    marks: str


def protect(text: str, first: int = 1) -> Protected:
    """Return the text with marks from number ``first`` on in the place of what must not change.

    >>> protect("`len(x)` は、リスト x の長さ（$n$ 個）を返します。").text
    '⟦1⟧ は、リスト ⟦2⟧ の長さ（⟦3⟧ 個）を返します。'
    >>> protect("Ann pays $18 for 3 tickets, so 18 / 3 = 6.").pieces
    ('$18', '3', '18 / 3 = 6')
    """
    kinds, pattern = _patterns()
    pieces: list[str] = []
    blocks: set[int] = set()
    parts: list[str] = []
    at = 0
    for found in pattern.finditer(text):
        number = first + len(pieces)
        parts += [text[at : found.start()], f"⟦{number}⟧"]
        pieces.append(found.group())
        kind = next(name for name in kinds if found.group(name) is not None)
        if kinds[kind].endswith("_block") and _stands_alone(text, *found.span()):
            blocks.add(number)
        at = found.end()
    return Protected("".join([*parts, text[at:]]), tuple(pieces), frozenset(blocks))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else is on its lines: a display formula inside a sentence moves with the sentence."""
    before, after = text[text.rfind("\n", 0, start) + 1 : start], text[end:].partition("\n")[0]
    return not (before + after).strip()


def restore(text: str, pieces: Sequence[str], first: int = 1) -> str:
    """Return the text with every mark replaced by its piece; marks without a piece stay.

    >>> marked = protect("3個の`x`を2回")
    >>> restore(marked.text, marked.pieces)
    '3個の`x`を2回'
    """

    def piece(found: re.Match[str]) -> str:
        place = int(found.group(1)) - first
        return pieces[place] if 0 <= place < len(pieces) else found.group()

    return _MARK.sub(piece, text)


def find_marks(text: str) -> list[int]:
    """Return the numbers of the marks, in order; digits of either width and a space inside the brackets are read.

    >>> find_marks("⟦2⟧は⟦ １ ⟧より大きい。")
    [2, 1]
    """
    return [int(number) for number in _MARK.findall(text)]


def without_marks(text: str) -> str:
    """Return the text with nothing in the place of its marks.

    >>> without_marks("⟦1⟧は⟦2⟧です。")
    'は です。'
    """
    return _MARK.sub(" ", text).strip()


def find_fault(
    before: str, after: str, *, blocks: frozenset[int] = frozenset(), repeats: bool = False
) -> Fault | None:
    """Return the first thing that is wrong with the marks of ``after``, or None.

    Each mark of ``before`` must be there, once unless it ``repeats``, and no other; a bracket without its number is an
    invented one. Order: marks of one sentence may change places, since languages put words in different orders; marks of
    different sentences may not, nor may anything pass a block, and a block stays on a line of its own. Where marks
    repeat, the order is free, and blocks stand once all the same.

    >>> find_fault("⟦1⟧に⟦2⟧を足す。答えは⟦3⟧。", "Add ⟦2⟧ to ⟦1⟧. The answer is ⟦3⟧.") is None
    True
    >>> find_fault("⟦1⟧に⟦2⟧を足す。", "Add 2 to ⟦1⟧.")
    Fault(reason='lost_placeholder', marks='⟦2⟧')
    """
    wanted, got = find_marks(before), find_marks(fold_width(after))
    counts = Counter(got)
    invented = [number for number in counts if number not in set(wanted)]
    broken = _BRACKETS.findall(_MARK.sub("", fold_width(after)))
    if invented or broken:
        return Fault("invented_placeholder", _shown(invented) or "".join(broken))
    lost = [number for number in dict.fromkeys(wanted) if not counts[number]]
    if lost:
        return Fault("lost_placeholder", _shown(lost))
    once = blocks if repeats else set(wanted)
    doubled = [number for number, n in counts.items() if number in once and n > Counter(wanted)[number]]
    if doubled:
        return Fault("doubled_placeholder", _shown(doubled))
    alone = {
        number for line in after.splitlines() if _MARK.fullmatch(line.strip()) for number in find_marks(line)
    }
    moved = [number for number in got if number in blocks - alone]
    if not moved and not repeats:
        moved = _moved(_regions(before, blocks), got)
    return Fault("reordered_placeholder", _shown(moved)) if moved else None


def _regions(before: str, blocks: frozenset[int]) -> dict[int, int]:
    """Return, for each mark, the place of its sentence; a block is one of its own."""
    regions: dict[int, int] = {}
    region = 0
    for sentence in split_sentences(before):
        region += 1
        for number in find_marks(sentence):
            if number in blocks:
                region += 1
                regions[number] = region
                region += 1
            else:
                regions.setdefault(number, region)
    return regions


def _moved(regions: dict[int, int], got: Sequence[int]) -> list[int]:
    highest = 0
    moved = []
    for number in got:
        region = regions.get(number, highest)
        if region < highest:
            moved.append(number)
        highest = max(highest, region)
    return moved


def _shown(numbers: Sequence[int]) -> str:
    return " ".join(f"⟦{number}⟧" for number in numbers)


@lru_cache(maxsize=1)
def _patterns() -> tuple[dict[str, str], re.Pattern[str]]:
    rows = read_table("tanemaki.text", "protected")
    kinds = {f"kind{place}": row["kind"] for place, row in enumerate(rows)}
    told = "|".join(f"(?P<{name}>{row['pattern']})" for name, row in zip(kinds, rows, strict=True))
    return kinds, re.compile(told, re.MULTILINE | re.DOTALL)
