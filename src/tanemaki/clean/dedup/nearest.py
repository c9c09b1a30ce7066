"""How far a text is from its nearest earlier neighbour, and whether it only repeats it."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from tanemaki.core.errors import RecipeError, shorten
from tanemaki.core.record import FieldType, Record
from tanemaki.core.seeding import digest
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.text.similarity import Shingles, bands, jaccard, minhash, shingles
from tanemaki.text.substance import differs_in_substance

_ONE_IN = 4  # of the runs of letters, one in four is looked up: a neighbour at 0.5 that shares 30 is missed once in 5,000
_FEW_RUNS = 24  # of a text with no more, all are looked up: a sample might be empty
_MOST_ROWS = 500  # a run that more rows hold tells nothing; Magpie's gen_dis.py looks at 500 neighbours, too


@dataclass(slots=True)
class _Seen:
    """The earlier rows: their runs, and where to find those that share one."""

    rows: list[tuple[str, str, Shingles]] = field(default_factory=list)
    by_run: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_band: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class NearestNeighbour:
    """Write how far the text is from the nearest earlier one, and keep only the first of those that say the same.

    The distance is 1 − the Jaccard similarity of runs of three letters, 0 to 1, exact for every neighbour that is looked at.
    Rows within ``max_distance`` repeat each other, unless numbers, negation or names differ: contrast pairs are kept.

    Fields: ``min_neighbor_distance`` (1 without a neighbour), ``repeat_count`` (earlier rows that it repeats; 0 in kept rows
    unless ``action`` is ``mark``), ``min_similar_id`` (id of the first of them; None without one).

    Reasons: ``near_duplicate`` (measured: the distance; limit: ``max_distance``).
    Cost: nearly linear: 1.2 ms a row for the first 5,000 rows of some 40 characters, 1.6 ms for the 15,000th to 20,000th,
    and 8 kB of memory a row (three sentence forms with drawn words, one core of a shared machine).
    Source: "Magpie" (arXiv 2406.08464, §3.2; ``exp/gen_dis.py``): distance 0.05, the first of each group is kept. Differs:
    letters instead of an embedding model, so that it needs none and works in any language; earlier rows alone, so that no
    row depends on what comes after it; neighbours that share only runs of more than 500 rows are found where they are near
    (MinHash), and else passed over.

    >>> step, state = NearestNeighbour("instruction"), None
    >>> state = step.start(state)
    >>> first = step.decide(state, Record("a", (1,), {"instruction": "葛湯の作り方を教えてください。"}))
    >>> step.decide(state, Record("b", (2,), {"instruction": "葛湯の作り方を教えてください！"})).note
    "repeats a: '葛湯の作り方を教えてください。'"
    """

    field: str
    """A text."""
    max_distance: float = 0.05  # gen_dis.py's distance_threshold, there of sentence embeddings
    """Largest distance at which two rows repeat each other, 0 to 1."""
    action: Literal["first", "mark"] = "first"
    """``first`` rejects repetitions; ``mark`` only counts them."""
    name: str = "nearest_neighbour"
    kind: Literal["ordered"] = dataclasses.field(default="ordered", init=False)
    reasons: ClassVar[tuple[str, ...]] = ("near_duplicate",)
    writes: ClassVar[Mapping[str, FieldType]] = {
        "min_neighbor_distance": "number",
        "repeat_count": "integer",
        "min_similar_id": "text",
    }

    def __post_init__(self) -> None:
        """Refuse a limit outside 0 to 1."""
        if not 0 <= self.max_distance <= 1:
            raise RecipeError(
                "NearestNeighbour: max_distance is a distance", got=repr(self.max_distance), next="0 to 1"
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """The field that it looks at."""
        return (self.field,)

    def start(self, context: Context) -> _Seen:  # noqa: ARG002 - the state depends on nothing
        """Return the state before the first record."""
        return _Seen()

    def decide(self, state: _Seen, record: Record) -> Record | Reject:
        """Compare the next record with those before it; it enters the state if it is kept."""
        text = str(record[self.field])
        runs = shingles(text)
        keys, looked_up = bands(minhash(runs)), _sample(runs)
        near = self._distances(state, runs, keys, looked_up)
        repeats = [
            at
            for at, distance in sorted(near.items())
            if distance <= self.max_distance and not differs_in_substance(text, state.rows[at][1])
        ]
        distance = round(min(near.values(), default=1.0), 4)
        if repeats and self.action == "first":
            id_, said, _ = state.rows[repeats[0]]
            return Reject(
                "near_duplicate", distance, self.max_distance, f"repeats {id_}: {shorten(said, 80)}"
            )
        place = len(state.rows)
        state.rows.append((record.id, text, runs))
        for run in looked_up:
            if len(state.by_run[run]) <= _MOST_ROWS:
                state.by_run[run].append(place)
        for key in keys:
            state.by_band[key].append(place)
        return record.with_fields(
            min_neighbor_distance=distance,
            repeat_count=len(repeats),
            min_similar_id=state.rows[repeats[0]][0] if repeats else None,
        )

    def _distances(
        self, state: _Seen, runs: Shingles, keys: tuple[str, ...], looked_up: list[str]
    ) -> dict[int, float]:
        shared: Counter[int] = Counter()
        for run in looked_up:
            if run in state.by_run and len(state.by_run[run]) <= _MOST_ROWS:
                shared.update(state.by_run[run])
        candidates = {at for at, _ in shared.most_common(50)}
        candidates.update(at for key in keys if key in state.by_band for at in state.by_band[key][-50:])
        return {at: 1 - jaccard(runs, state.rows[at][2]) for at in candidates}


def _sample(runs: Shingles) -> list[str]:
    """Return the runs that are looked up: all of a short text, else always the same ones of four."""
    return sorted(run for run in runs if len(runs) <= _FEW_RUNS or digest(run)[0] % _ONE_IN == 0)
