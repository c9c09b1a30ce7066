"""Answers that give another number for the same thing than an answer before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import check_language, parts_of
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.normalise import fold_width
from tanemaki.text.quantities import Quantity, find_quantities
from tanemaki.text.sentences import split_sentences
from tanemaki.text.similarity import jaccard, shingles
from tanemaki.text.substance import differs_in_substance

_ALIKE = 0.5  # of runs of three letters, numbers taken out; set on tests/clean/filters/number_pairs.tsv
_IF = {
    "ja": re.compile(r"もし|場合|なら|たら|とすると|とすれば|れば|かりに|仮に"),
    "en": re.compile(r"\b(?:if|when|suppose|assuming|instead|otherwise|would|unless|case)\b", re.IGNORECASE),
}
_MENDS = {
    "ja": re.compile(r"訂正|誤り|誤って|間違|失礼しました|正しくは"),
    "en": re.compile(
        r"\b(?:correction|corrected|mistaken?|was wrong|in error|sorry|apologi[sz]e)\b", re.IGNORECASE
    ),
}
_COUNTED = {
    "ja": re.compile(
        r"(?:先ほど|さきほど|さっき|上に|前に)(?:挙げた|述べた|お伝えした|書いた|の)?(?P<n>[二三四五六七八九]|[2-9])(?P<of>つ|点|種類|段階|通り)"
    ),
    "en": re.compile(
        r"\b(?:the|those|these) (?P<n>two|three|four|five|six|seven|eight|nine|[2-9]) (?P<of>[a-z]+?)s?"
        r" (?:I |that I |we )?(?:mentioned|listed|described|named|gave|above|earlier)",
        re.IGNORECASE,
    ),
}


@dataclass(frozen=True, slots=True)
class SameNumbers:
    """Keep records whose text does not contradict the numbers of its own side's earlier texts.

    The earlier texts are those of a dialogue whose two sides take turns; only the same side's count, since a person may
    well say a number in order to be put right. Two statements contradict each other where they are alike but for their
    numbers: same units, no other names, no *not*. 「先ほどの四つ」 contradicts three that were counted. Conditions (もし,
    if), a number that the other side has just brought in, and a text that owns up to a mistake (訂正, "I was wrong") are
    no contradictions.

    Not covered: numbers that follow from one another, and ones said in quite another sentence.

    Reasons: ``number_contradiction`` (measured: what is said now; limit: what was said before).
    Cost: sentences with numbers now × before.
    Source: ours; a published sample's second answer contradicts the count of its first.

    >>> SameNumbers("text", of="earlier", language="ja")(
    ...     Record(
    ...         "a",
    ...         (1,),
    ...         {"text": "高さは3500mです。", "earlier": ["高さは？", "高さは3,776mです。", "何mですか？"]},
    ...     )
    ... ).measured
    '高さは3500mです。'
    """

    field: str
    """A text."""
    of: str
    """The field with the earlier texts, the two sides in turn, the other side's last."""
    language: str
    """``ja`` or ``en``."""
    reasons: ClassVar[tuple[str, ...]] = ("number_contradiction",)

    def __post_init__(self) -> None:
        """Refuse a language it does not know."""
        check_language(self.language, self)

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return (self.field, self.of)

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        earlier = [part.text for part in parts_of(record, self.of)]
        mine = earlier[-2::-2][::-1]
        brought_in = {one.value for one in find_quantities(earlier[-1])} if earlier else set()
        for part in parts_of(record, self.field) if mine else ():
            if _MENDS[self.language].search(part.text):
                continue
            found = _miscounted(part.text, mine, self.language) or _contradicted(
                part.text, mine, brought_in, self.language
            )
            if found:
                return Reject("number_contradiction", found[0][:120], found[1][:120], part.note())
        return record


def _contradicted(
    text: str, mine: Sequence[str], brought_in: set[str], language: str
) -> tuple[str, str] | None:
    before = [one for other in mine for one in _statements(other, language)]
    for sentence, masked, numbers in _statements(text, language) if before else ():
        if any(one.value in brought_in for one in numbers):
            continue
        for other, other_masked, other_numbers in before:
            if [(one.kind, one.unit) for one in numbers] != [(one.kind, one.unit) for one in other_numbers]:
                continue
            if [one.value for one in numbers] == [one.value for one in other_numbers]:
                continue
            if jaccard(shingles(masked), shingles(other_masked)) >= _ALIKE and not differs_in_substance(
                masked, other_masked
            ):
                return sentence, other
    return None


def _statements(text: str, language: str) -> list[tuple[str, str, list[Quantity]]]:
    """Return the sentences that state numbers without a condition: as they stand, without the numbers, and the numbers."""
    found = []
    for sentence in split_sentences(text):
        numbers = [one for one in find_quantities(sentence) if one.firm]
        if numbers and not _IF[language].search(sentence):
            masked = sentence
            for one in reversed(numbers):
                masked = masked[: one.start] + masked[one.end :]
            found.append((sentence, masked, numbers))
    return found


def _miscounted(text: str, mine: Sequence[str], language: str) -> tuple[str, str] | None:
    for counted in _COUNTED[language].finditer(fold_width(text)):
        now = {one.value for one in find_quantities(counted.group())}
        of = re.escape(counted["of"])
        said = (
            rf"(?:[二三四五六七八九]|[2-9]){of}" if language == "ja" else rf"\b[a-z0-9]+ (?:[a-z]+ )?{of}s?\b"
        )
        before = [
            match.group() for other in mine for match in re.finditer(said, fold_width(other), re.IGNORECASE)
        ]
        values = {one.value for told in before for one in find_quantities(told)}
        if now and values and not now & values:
            return counted.group(), before[0]
    return None
