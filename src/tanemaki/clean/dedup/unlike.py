"""Texts that are new compared with everything kept so far: the gate of a growing pool."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter, defaultdict
from dataclasses import dataclass

from tanemaki.core.errors import RecipeError, shorten
from tanemaki.core.record import Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.text.rouge import longest_common
from tanemaki.text.tokens import tokens

Key = tuple[str, int]
"""A piece of a text, and how often it stood there before: the second の is another key than the first."""


@dataclass(slots=True)
class Index:
    """Texts by their pieces; finds whatever is more like a text than a limit without looking at the others."""

    texts: list[str] = dataclasses.field(default_factory=list)
    pieces: list[list[str]] = dataclasses.field(default_factory=list)
    keys: list[frozenset[Key]] = dataclasses.field(default_factory=list)
    postings: dict[Key, list[int]] = dataclasses.field(default_factory=lambda: defaultdict(list))
    n_compared: int = 0
    """Longest common subsequences that were computed."""

    def add(self, text: str) -> None:
        """Take a text in."""
        pieces = tokens(text)
        keys = _numbered(pieces)
        for key in keys:
            self.postings[key].append(len(self.texts))
        self.texts.append(text)
        self.pieces.append(pieces)
        self.keys.append(keys)

    def nearest(self, text: str, limit: float) -> tuple[float, str] | None:
        """Return the ROUGE-L and the text of the likest one above ``limit`` (of several the first); None if there is none.

        Exact: a text above the limit shares more than ``limit / (2 - limit)`` of the pieces with it, so at least one of the
        rarest pieces that are left when one takes that many away; only texts that hold one of these are looked at.
        """
        pieces = tokens(text)
        keys = _numbered(pieces)
        n = len(pieces)
        n_rare = n - math.floor(limit * n / (2 - limit))
        rare = sorted(keys, key=lambda key: (len(self.postings.get(key, ())), key))[:n_rare]
        hits = Counter(at for key in rare for at in self.postings.get(key, ()))
        found: tuple[float, str] | None = None
        best = limit
        for at in sorted(hits):
            total = n + len(self.pieces[at])
            if 2 * (hits[at] + n - n_rare) <= best * total or 2 * len(keys & self.keys[at]) <= best * total:
                continue
            self.n_compared += 1
            similarity = 2 * longest_common(pieces, self.pieces[at]) / total
            if similarity > best:
                best, found = similarity, (similarity, self.texts[at])
        return found


def _numbered(pieces: list[str]) -> frozenset[Key]:
    seen: Counter[str] = Counter()
    keys = []
    for piece in pieces:
        keys.append((piece, seen[piece]))
        seen[piece] += 1
    return frozenset(keys)


@dataclass(frozen=True, slots=True)
class Unlike:
    """Keep texts whose ROUGE-L with every seed and every text kept before is at most ``max_similarity``.

    A gate for :class:`tanemaki.generate.pool.IntoPool`. Contrasts are not kept: a pool wants other tasks, not the same one
    with another number.

    Reasons: ``too_similar`` (measured: ROUGE-L; limit: the highest that is kept; the note shows the text it is like).
    Cost: an inverted index, so only texts that share a rare piece are compared; memory grows with what was kept.
    Source: "Self-Instruct" (arXiv 2212.10560, section 2.2): ROUGE-L below 0.7 with every earlier instruction. Differs:
    characters count in Japanese, of which the published scorer sees nothing; not every pair is compared.

    >>> gate = Unlike("instruction")
    >>> state = Index(texts=[])
    >>> _ = gate.decide(state, Record("a", (1,), {"instruction": "次の文章を三行に要約してください。"}))
    >>> gate.decide(state, Record("b", (2,), {"instruction": "次の文章を一行に要約してください。"})).reason
    'too_similar'
    """

    field: str
    """A text."""
    max_similarity: float = 0.7  # Self-Instruct
    """Highest similarity that is kept, above 0 and at most 1."""
    seeds_table: str | None = None
    """A table whose texts count as kept from the beginning."""
    column: str | None = None
    """The table's column; None is the one that is called like the field."""
    reasons: tuple[str, ...] = dataclasses.field(default=("too_similar",), init=False)

    def __post_init__(self) -> None:
        if not 0 < self.max_similarity <= 1:
            raise RecipeError(
                "Unlike: max_similarity is a share", got=repr(self.max_similarity), next="above 0, at most 1"
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """The field that it looks at."""
        return (self.field,)

    def start(self, context: Context) -> Index:
        """Return the seeds."""
        index = Index()
        for row in context.table(self.seeds_table) if self.seeds_table else ():
            index.add(row[self.column or self.field])
        return index

    def decide(self, state: Index, record: Record) -> Record | Reject:
        """Give the record back and remember its text, or the rejection."""
        text = str(record[self.field])
        found = state.nearest(text, self.max_similarity)
        if found is not None:
            similarity, other = found
            return Reject(
                "too_similar", round(similarity, 3), self.max_similarity, f"like {shorten(other, 80)}"
            )
        state.add(text)
        return record
