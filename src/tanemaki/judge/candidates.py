"""The answers that may become the sides of a pair, and the gate that keeps equal ones apart.

Near-identical answers never form a pair, unless an exact verifier separates them: one digit can be the whole difference, and
only a verifier knows it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tanemaki.core.verdict import Reject
from tanemaki.text.markdown import without_markdown
from tanemaki.text.normalise import normalise
from tanemaki.text.similarity import Shingles, jaccard, shingles, squeeze

_LIST_NUMBER = re.compile(
    r"^[ \t　]{0,12}(?:[(（]?[0-9０-９]{1,3}[.)）．、]|[①-⑳])[ \t　]{0,4}(?![0-9０-９])", re.MULTILINE
)
_NO_SIGN = re.compile(
    r"[\s\u034f\u115f\u1160\u3164\U000e0000-\U000e01ef]"
)  # and what normalise leaves of the unseen
MAX_SIMILARITY = 0.9  # Jaccard of runs of three characters: what the de-duplication of texts calls the same


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer that may become a side of a pair."""

    text: str
    score: float
    """Higher is better, whatever the judge's own direction is."""
    answerer: str = ""
    """The role that wrote it."""
    exact: bool = False
    """The score is an exact verifier's."""
    said: str = ""
    """What the answer comes to, in the form in which such are compared; empty: its whole text counts."""


@dataclass(frozen=True, slots=True)
class Picked:
    """The two sides, as places in the list of candidates."""

    chosen: int
    rejected: int


def similarity(one: str, other: str) -> float:
    """Return how alike two answers are, 0 to 1: the Jaccard similarity of their runs of three letters or digits.

    Answers that differ in white space, width, case, punctuation and markdown alone are the same (1): numbers or dots before
    the items of a list, a link's address, fences. Where they hold no letter, the signs count ("→" is not "←").

    >>> similarity("答えは３です。", "答えは3です"), round(similarity("答えは3です。", "答えは4です。"), 2)
    (1.0, 0.14)
    """
    return _alike(_shape(one), _shape(other))


class _Shape(NamedTuple):
    """What of an answer is compared."""

    signs: str
    letters: str
    runs: Shingles
    bare: str
    """The letters without markdown and without the numbers of lists."""
    bare_runs: Shingles


def _shape(text: str) -> _Shape:
    bare = _LIST_NUMBER.sub("", without_markdown(text))
    signs = _NO_SIGN.sub("", normalise(text))
    return _Shape(signs, squeeze(text), shingles(text), squeeze(bare), shingles(bare))


def _alike(one: _Shape, other: _Shape) -> float:
    if not one.letters and not other.letters:
        return float(one.signs == other.signs)
    if one.letters == other.letters or (one.bare and one.bare == other.bare):
        return 1.0
    # a text of code alone is nothing without its fences' words, and nothing is like nothing
    bare = jaccard(one.bare_runs, other.bare_runs) if one.bare and other.bare else 0.0
    return max(jaccard(one.runs, other.runs), bare)


class Pairing:
    """The candidates of one prompt with what separates them."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.all = candidates
        self._shapes = [_shape(one.text) for one in candidates]
        self.closest = 0.0
        """The highest similarity that was met among those that are not apart."""

    def below(self, chosen: int, among: Sequence[int], margin: float = 0.0) -> list[int] | Reject:
        """Return those that may be rejected beside ``chosen``: lower by more than 0, by the margin, and another answer."""
        top = self.all[chosen].score
        lower = [i for i in among if self.all[i].score < top]
        if not lower:
            return Reject("tied", top, None, f"{len(among)} answers, none is lower")
        far = [i for i in lower if top - self.all[i].score >= margin]
        if not far:
            return Reject("low_margin", max(top - self.all[i].score for i in lower), margin)
        apart = [i for i in far if self.separate(chosen, i)]
        return apart or Reject("not_distinct", round(self.closest, 3), MAX_SIMILARITY)

    def separate(self, one: int, other: int) -> bool:
        """Whether two answers may be the sides of a pair."""
        first, second = self.all[one], self.all[other]
        if first.text.strip() == second.text.strip():
            self.closest = 1.0
            return False
        if first.exact and second.exact:
            return True
        alike = _alike(self._shapes[one], self._shapes[other])
        self.closest = max(self.closest, alike)
        return alike <= MAX_SIMILARITY
