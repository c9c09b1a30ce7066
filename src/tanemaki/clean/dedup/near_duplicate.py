"""Records that say what an earlier record said."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tanemaki.core.errors import RecipeError, shorten
from tanemaki.core.record import Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.text.similarity import bands, minhash, squeeze
from tanemaki.text.substance import differs_in_substance
from tanemaki.text.tokens import tokens

Measure = Literal["words", "trigrams"]
_N_HASHES = 128  # permutations, as Persona-Hub (arXiv 2406.20094, section 2.3)
_ROWS: Mapping[Measure, int] = {
    "words": 8,  # 16 bands: a pair at Jaccard 0.9 is missed once in 10,000, one at 0.5 compared once in 16
    "trigrams": 6,  # 21 bands: cosine 0.9 is about Jaccard 0.82, which is missed once in 2,000
}


@dataclass(slots=True)
class Seen:
    """What was kept so far."""

    texts: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    """Id and text."""
    features: list[Counter[str]] = dataclasses.field(default_factory=list)
    buckets: dict[str, list[int]] = dataclasses.field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class NearDuplicate:
    """Keep the first of several records whose texts are alike; the others are rejected.

    ``words`` measures the Jaccard similarity of the sets of words (of Japanese, of characters), ``trigrams`` the cosine of
    the counts of three characters in a row, which sees order and endings as well. MinHash finds whom to compare; the
    similarity itself is exact. A text that differs in numbers, negation, names or what it is about is kept.

    Reasons: ``near_duplicate`` (measured: similarity; limit: the highest that is kept; the note names the earlier record).
    Cost: 128 hashes of each piece of a text, under 10 ms for 200 characters; memory grows with what was kept.
    Source: Persona-Hub (arXiv 2406.20094, section 2.3): MinHash on 1-grams, 128 permutations, 0.9; then embeddings,
    0.9. Differs: candidates are compared exactly; the second level is lexical (trigrams), so that it needs no model
    and is the same everywhere, and finds no paraphrases; contrast pairs are kept.

    >>> step = NearDuplicate("persona", by="words")
    >>> state = step.start(None)
    >>> first = Record("a", (1,), {"persona": "下町の銭湯を継いだ三代目の主人"})
    >>> step.decide(state, first) is first
    True
    >>> step.decide(state, Record("b", (2,), {"persona": "下町の銭湯を継いだ、三代目の主人。"})).note
    'like a: 下町の銭湯を継いだ三代目の主人'
    """

    field: str
    """A text."""
    by: Measure
    max_similarity: float = 0.9  # Persona-Hub, both levels
    """Highest similarity that is kept, 0 to 1."""
    kind: Literal["ordered"] = dataclasses.field(default="ordered", init=False)
    reasons: tuple[str, ...] = dataclasses.field(default=("near_duplicate",), init=False)

    def __post_init__(self) -> None:
        if self.by not in _ROWS or not 0 <= self.max_similarity <= 1:
            raise RecipeError(
                "NearDuplicate measures by words or by trigrams, and keeps up to a similarity of 0 to 1",
                got=f"by={self.by!r}, max_similarity={self.max_similarity!r}",
            )

    @property
    def name(self) -> str:
        """The step's name."""
        return f"same_{self.by}"

    @property
    def reads(self) -> tuple[str, ...]:
        """The field that it looks at."""
        return (self.field,)

    def start(self, context: Context) -> Seen:  # noqa: ARG002 - nothing is known before the first record
        """Return that nothing was seen."""
        return Seen()

    def decide(self, state: Seen, record: Record) -> Record | Reject:
        """Give the record back, or the rejection that names whom it is like."""
        text = str(record[self.field])
        features = self._features(text)
        if not features:
            return record
        keys = bands(minhash(features, _N_HASHES), _ROWS[self.by])
        near: list[tuple[float, int]] = []
        for at in {at for key in keys for at in state.buckets.get(key, ())}:
            similarity = self._similarity(features, state.features[at])
            if similarity > self.max_similarity:
                near.append((similarity, -at))
        for similarity, at in sorted(near, reverse=True):
            other, said = state.texts[-at]
            if not differs_in_substance(text, said):
                told = f"like {other}: {shorten(said, 80).strip(_QUOTES)}"
                return Reject("near_duplicate", round(similarity, 3), self.max_similarity, told)
        for key in keys:
            state.buckets[key].append(len(state.texts))
        state.texts.append((record.id, text))
        state.features.append(features)
        return record

    def _features(self, text: str) -> Counter[str]:
        if self.by == "words":
            return Counter(dict.fromkeys(tokens(text), 1))
        letters = squeeze(text)
        return Counter(letters[i : i + 3] for i in range(max(1, len(letters) - 2))) if letters else Counter()

    def _similarity(self, one: Counter[str], other: Counter[str]) -> float:
        if self.by == "words":
            shared = len(one.keys() & other.keys())
            return shared / (len(one) + len(other) - shared)
        dot = sum(n * other[piece] for piece, n in one.items() if piece in other)
        return dot / (_norm(one) * _norm(other))


_QUOTES = "'\""


def _norm(counts: Counter[str]) -> float:
    squares: Any = sum(n * n for n in counts.values())
    return math.sqrt(squares)
