"""Texts that say again what an earlier turn said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tanemaki.clean.filters.parts import Part, parts_of
from tanemaki.core.errors import RecipeError, shorten
from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.text.similarity import jaccard, shingles, squeeze
from tanemaki.text.substance import differs_in_substance

_VERBATIM_CHARS = (
    20  # a whole text of this length inside an earlier one is a copy; shorter answers may well recur
)


@dataclass(frozen=True, slots=True)
class NearCopy:
    """Keep records whose text is no near-copy of an earlier one.

    Likeness is the Jaccard similarity of runs of three letters, with each earlier text. A text that changes
    numbers, negation, names or, unless it is long, the word it is about is not a near-copy: a follow-up may change
    the conditions. A copy letter for letter never passes, nor does a text of 20 letters or more that stands whole
    in an earlier one.

    Reasons: ``near_copy`` (measured: similarity; limit: the highest that is kept).
    Cost: linear in the texts.
    Source: ours; the threshold is where tests/clean/filters/near_copy_pairs.tsv separates.

    >>> keep = NearCopy("text", of="earlier")
    >>> keep(
    ...     Record(
    ...         "a", (1,), {"text": "空はなぜ青いの?", "earlier": ["空はなぜ青いの？", "光が散るからです。"]}
    ...     )
    ... )
    Reject(reason='near_copy', measured=1.0, limit=0.5, note="like text 1: '空はなぜ青いの？'")
    """

    field: str
    """A text, a list of texts, or messages."""
    of: str
    """The field with the earlier texts. The same as ``field``: each text is compared with the ones before it."""
    max_similarity: float = (
        0.5  # near_copy_pairs.tsv: copies 0.58 and more; the mistakes that remain are named there
    )
    """Highest similarity that is kept, 0 to 1."""
    reasons: ClassVar[tuple[str, ...]] = ("near_copy",)

    def __post_init__(self) -> None:
        """Refuse a limit outside 0 to 1."""
        if not 0 <= self.max_similarity <= 1:
            raise RecipeError(
                "NearCopy: max_similarity is a share", got=repr(self.max_similarity), next="0 to 1"
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """Fields that it reads."""
        return tuple(dict.fromkeys((self.field, self.of)))

    def __call__(self, record: Record) -> Record | Reject:
        """Judge one record."""
        parts = parts_of(record, self.field)
        earlier = parts_of(record, self.of)
        for n, part in enumerate(parts):
            rejected = self._compare(part, parts[:n] if self.of == self.field else earlier)
            if rejected:
                return rejected
        return record

    def _compare(self, part: Part, earlier: list[Part]) -> Reject | None:
        letters, runs = squeeze(part.text), shingles(part.text)
        for other in earlier if letters else ():
            before = squeeze(other.text)
            told = part.note(f"like {other.place or 'the earlier text'}: {shorten(other.text, 80)}")
            if letters == before or (len(letters) >= _VERBATIM_CHARS and letters in before):
                return Reject("near_copy", 1.0, self.max_similarity, told)
            similarity = jaccard(runs, shingles(other.text))
            if similarity > self.max_similarity and not differs_in_substance(part.text, other.text):
                return Reject("near_copy", round(similarity, 3), self.max_similarity, told)
        return None
