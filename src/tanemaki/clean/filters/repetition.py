"""Texts in which a model got stuck."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import parts_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.sentences import split_sentences
from tanemaki.text.similarity import squeeze

_CODE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_RUN = 10  # letters that make a run: about two words of English, four of Japanese
_LOOP_RUN = 4  # letters that must agree before a distance is tried
_LONGEST_LOOP = 400  # letters of the longest unit whose repetition is a loop
_SHORT_SENTENCE = 6  # letters below which a sentence may well recur: "はい。", "Yes."
_ENOUGH = 40  # letters below which shares mean nothing: "あはははは"


@dataclass(frozen=True, slots=True)
class Repetition:
    """Keep records whose texts do not turn in circles.

    Three signs, all on letters and digits of the normalised text, so that the width of punctuation does not matter:
    a unit said four times and more in a row, anywhere (``loop``, measured in letters that the loop covers); the share of
    letters in sentences or lines that stood there before (``repeated_sentences``); the share of runs of ten letters that
    stood there before (``repeated_runs``). No single character is counted: any Japanese text uses の dozens of
    times. Code blocks only count for loops: ordinary code repeats its lines.

    Reasons: ``loop``, ``repeated_sentences``, ``repeated_runs``.
    Cost: linear; 100,000 characters take under a second (tests/clean/filters/test_repetition.py).
    Source: "Scaling Language Models: … Gopher" (arXiv 2112.11446, table A1) drops texts by their share of duplicate
    lines and word n-grams. Differs: runs of characters instead of words, every repeated run instead of the longest,
    and loops.

    >>> text = "春になると桜が咲きます。" * 5
    >>> Repetition("text")(Record("a", (1,), {"text": text})).reason
    'loop'
    """

    field: str
    """A text, a list of texts, or messages."""
    max_loop_letters: int | None = (
        40  # no good text of tests/clean/filters holds a loop; laughs and refrains stay shorter
    )
    """Most letters of a unit repeated in a row; None is off."""
    max_sentence_share: float | None = 0.3  # Gopher's limit on duplicate lines
    """Highest share of letters in repeated sentences, 0 to 1; None is off."""
    max_run_share: float | None = 0.5  # half of the text was said before; good texts measure 0.25 at most
    """Highest share of repeated runs, 0 to 1; None is off."""
    reasons: ClassVar[tuple[str, ...]] = ("loop", "repeated_sentences", "repeated_runs")

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        for part in parts_of(record, self.field):
            prose = _CODE.sub("\n", part.text)
            loop, unit = find_loop(squeeze(part.text))
            if self.max_loop_letters is not None and loop > self.max_loop_letters:
                return Reject(
                    "loop", loop, self.max_loop_letters, part.note(f"again and again {unit[:60]!r}")
                )
            sentences = share_of_repeated_sentences(prose)
            if self.max_sentence_share is not None and sentences > self.max_sentence_share:
                return Reject("repeated_sentences", round(sentences, 3), self.max_sentence_share, part.note())
            runs = share_of_repeated_runs(squeeze(prose))
            if self.max_run_share is not None and runs > self.max_run_share:
                return Reject("repeated_runs", round(runs, 3), self.max_run_share, part.note())
        return record


def find_loop(letters: str) -> tuple[int, str]:
    """Return how many letters the longest loop covers, and its unit; (0, "") without one.

    A loop is a unit of 1 to 400 letters said at least four times in a row. Numbers (000…, 1010…) are none. Found in
    one pass: the last place of the same four letters gives the distance, which is kept as long as it holds.

    >>> find_loop("さて" + "とても" * 6)
    (18, 'とても')
    """
    best, unit = 0, ""
    last: dict[str, int] = {}
    distance = started = 0
    for end in range(_LOOP_RUN, len(letters) + 1):
        run = letters[end - _LOOP_RUN : end]
        before = last.get(run, -_LONGEST_LOOP)
        last[run] = end
        if not distance or letters[end - 1] != letters[end - 1 - distance]:
            distance, started = end - before, end - _LOOP_RUN
            if distance > _LONGEST_LOOP or started < distance:
                distance = 0
                continue
        covered = end - started + distance
        if covered > best and covered >= 4 * distance and not letters[started - distance : started].isdigit():
            best, unit = covered, letters[started - distance : started]
    return best, unit


def share_of_repeated_sentences(text: str) -> float:
    """Return the share of letters in sentences (or lines) that stood in the text before, 0 to 1.

    >>> share_of_repeated_sentences("雨が降っています。傘を持っていきます。雨が降っています。")
    0.32
    """
    seen: Counter[str] = Counter()
    total = repeated = 0
    for sentence in split_sentences(text):
        letters = squeeze(sentence)
        total += len(letters)
        if len(letters) >= _SHORT_SENTENCE and seen[letters]:
            repeated += len(letters)
        seen[letters] += 1
    return repeated / total if total else 0.0


def share_of_repeated_runs(letters: str) -> float:
    """Return the share of runs of ten letters that stood in the text before, 0 to 1; 0 below forty letters."""
    n_runs = len(letters) - _RUN + 1
    if len(letters) < _ENOUGH:
        return 0.0
    return 1 - len({letters[at : at + _RUN] for at in range(n_runs)}) / n_runs
