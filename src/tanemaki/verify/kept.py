"""What a protected translation must have kept: all of its prose, its numbers and its answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.verdict import Reject
from tanemaki.text.answers import same_answer
from tanemaki.text.normalise import fold_width, n_chars
from tanemaki.text.protect import without_marks
from tanemaki.text.quantities import Quantity, find_quantities, unsaid
from tanemaki.text.tables import read_patterns
from tanemaki.verify.translation import untranslated

_SMALL = 12  # a hint ("both", "half a dozen", 倍) may become a number up to a dozen
_RATIO = (
    1.1,
    5.0,
)  # English letters for one Japanese: the pairs of tests/verify/test_translation.py measure 1.9 to 3.2
_ENOUGH_CHARS = 40  # where both are shorter, a ratio of lengths means nothing


@dataclass(frozen=True, slots=True)
class KeptProse:
    """Keep texts that translate all of the prose between the marks, and nothing but that.

    What is left in the source's language, and what is much too short or too long for what it translates: a sentence without
    any mark would be missed by nobody else. Where the style recasts the text (``repeats``), it may be longer.

    Reasons: ``untranslated`` (measured: what was left), ``length_ratio`` (English letters for one Japanese).
    Cost: one pass.
    Source: ours.

    >>> check = KeptProse("marked", of="protected", into="ja")
    >>> fields = {
    ...     "protected": "Tom sells ⟦1⟧ apples a day. " * 3,
    ...     "marked": "トムは ⟦1⟧。",
    ...     "repeats": "no",
    ... }
    >>> check(Record("a", (1,), fields)).reason
    'length_ratio'
    """

    field: str
    """The translation with its marks."""
    of: str
    """The source with its marks."""
    into: Literal["ja", "en"]
    """The translation's language."""
    repeats: str = "repeats"
    """The field that says ``yes`` where the style recasts the text."""
    reasons: ClassVar[tuple[str, ...]] = ("untranslated", "length_ratio")

    @property
    def reads(self) -> tuple[str, ...]:
        """Both texts, and the style's rule."""
        return (self.field, self.of, self.repeats)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        text, source = without_marks(str(record[self.field])), without_marks(str(record[self.of]))
        left = next(untranslated(text, self.into), None)
        if left is not None:
            return Reject("untranslated", left[:60])
        if max(n_chars(text), n_chars(source)) < _ENOUGH_CHARS:
            return record
        english, japanese = (text, source) if self.into == "en" else (source, text)
        ratio = n_chars(english) / max(1, n_chars(japanese))
        may_be_long = record[self.repeats] == "yes"
        low = None if may_be_long and self.into == "ja" else _RATIO[0]
        high = None if may_be_long and self.into == "en" else _RATIO[1]
        for limit, is_out in (
            (low, low is not None and ratio < low),
            (high, high is not None and ratio > high),
        ):
            if is_out:
                return Reject("length_ratio", round(ratio, 3), limit)
        return record


@dataclass(frozen=True, slots=True)
class KeptNumbers:
    """Keep translations that state the numbers, dates and times of their source, and no others.

    Numbers may be written as either language writes them (three, 3個, 三つ; 3割, 30 %). A small number may be new where the
    source says it in a word (both, twice, 半ダース: ``data/number_hints.tsv``).

    Not covered: which thing a number belongs to, when two change places.

    Reasons: ``changed_number`` (measured: the first that differs; note: whether it is new or missing, and all).
    Cost: a few passes over both texts.
    Source: ours.

    >>> check = KeptNumbers("translation", of="text")
    >>> check(
    ...     Record("a", (1,), {"text": "Three cats ate 12 fish.", "translation": "猫4匹が魚を12匹食べた。"})
    ... ).measured
    '4'
    """

    field: str
    """The translation."""
    of: str
    """The source."""
    reasons: ClassVar[tuple[str, ...]] = ("changed_number",)

    @property
    def name(self) -> str:
        """The step's name."""
        return f"numbers_of_{self.field}"

    @property
    def reads(self) -> tuple[str, ...]:
        """Both texts."""
        return (self.field, self.of)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        source, text = str(record[self.of]), str(record[self.field])
        before, after = find_quantities(source), find_quantities(text)
        new = unsaid(after, before)
        if _hints(source):
            new = [one for one in new if not _is_small(one)]
        for found, what in ((new, "not in the source"), (unsaid(before, after), "missing")):
            if found:
                told = [one.text for one in found]
                return Reject("changed_number", told[0], None, f"{what}: {', '.join(told)[:160]}")
        return record


@dataclass(frozen=True, slots=True)
class SameAnswer:
    """Keep translations whose answer is still that of the source, and say what shows it.

    An answer that nothing shows to be the same is not kept as if it were: names and sentences are ``unverifiable_answer``.

    Writes ``verified_by``: ``form``, ``numbers`` or ``words`` (:func:`tanemaki.text.answers.same_answer`).

    Reasons: ``changed_answer``, ``unverifiable_answer`` (measured: the answer as translated; limit: the source's).
    Source: ours; a published set stored what its check found and exported all rows.

    >>> check = SameAnswer("translated_answer", of="answer")
    >>> check(Record("a", (1,), {"answer": "18 dollars", "translated_answer": "18ドル"}))
    {'verified_by': 'numbers'}
    """

    field: str
    """The answer as translated."""
    of: str
    """The source's."""
    reasons: ClassVar[tuple[str, ...]] = ("changed_answer", "unverifiable_answer")
    writes: ClassVar[Mapping[str, FieldType]] = {"verified_by": "text"}

    @property
    def reads(self) -> tuple[str, ...]:
        """Both answers."""
        return (self.field, self.of)

    def __call__(self, record: Record) -> Mapping[str, Json] | Reject:
        """Judge one record."""
        answer, source = str(record[self.field]), str(record[self.of])
        found = same_answer(source, answer)
        if found == "different":
            return Reject("changed_answer", answer[:80], source[:80])
        if found == "unknown":
            return Reject("unverifiable_answer", answer[:80], source[:80])
        return {"verified_by": found}


def _hints(source: str) -> bool:
    patterns: tuple[re.Pattern[str], ...] = read_patterns("tanemaki.text", "number_hints", ("ja", "en"))
    return any(pattern.search(fold_width(source)) for pattern in patterns)


def _is_small(one: Quantity) -> bool:
    return one.stated.isdigit() and int(one.stated) <= _SMALL
