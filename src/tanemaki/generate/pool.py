"""A pool that grows while a recipe runs: what was kept before is what later records are made from.

``IntoPool`` stands at the end and says what enters; ``DrawFromPool`` stands at the beginning and draws from what had
entered when the epoch before was closed. So a record's draw never depends on who finished first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from tanemaki.core.errors import RecipeError
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject


class Gate(Protocol):
    """An ordered verdict, such as a search for near-duplicates: a state that grows, and a decision on it."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields that it looks at."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""

    def start(self, context: Context) -> Any:
        """Return the state before the first record."""

    def decide(self, state: Any, record: Record) -> Record | Reject:
        """Decide on the next record in the order of the source; may change the state."""


@dataclass(frozen=True, slots=True)
class DrawFromPool:
    """Show each record ``n`` different texts from the pool of the epochs before, in random order.

    The rows of ``seeds_table`` belong to the pool from the beginning; without it, the records of the first epoch are shown
    an empty list. A pool smaller than ``n`` is shown whole.

    With ``n_seeds``, so many of the ``n`` are seeds and the rest are from what was generated; where that is too little yet,
    seeds fill the place.

    Cost: one pass over the pool a record.
    Source: "Self-Instruct" (arXiv 2212.10560, §2.2): 6 seeds and 2 generated ones. Differs: the draw is the record's
    own and sees the pool as the epoch before left it; without ``n_seeds`` seeds and generated ones are drawn alike.

    >>> DrawFromPool("examples", pool="kept", take="instruction", n=8, epoch=64).kind
    'draws'
    """

    field: str
    """The field that is written, a list of texts; the step's name, too."""
    pool: str
    """Name of the :class:`IntoPool` step."""
    take: str
    """The pooled field, and the column of ``seeds_table``, that is shown."""
    n: int
    """Texts shown, 1 or more."""
    epoch: int
    """Candidates per epoch, 1 or more."""
    seeds_table: str | None = None
    n_seeds: int | None = None
    """How many of the ``n`` are rows of ``seeds_table``; None makes no difference between them and the pool."""
    kind: Literal["draws"] = dataclasses.field(default="draws", init=False)

    def __post_init__(self) -> None:
        if self.n < 1 or self.epoch < 1:
            raise ValueError(
                f"DrawFromPool({self.field!r}) needs n and epoch of at least 1, got {self.n}, {self.epoch}"
            )
        if self.n_seeds is not None and (self.seeds_table is None or not 0 <= self.n_seeds <= self.n):
            raise ValueError(
                f"DrawFromPool({self.field!r}) needs seeds_table and n_seeds from 0 to {self.n}, got {self.n_seeds}"
            )

    @property
    def name(self) -> str:
        """The step's name."""
        return self.field

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The field that it adds."""
        return {self.field: "texts"}

    @property
    def tables(self) -> Mapping[str, frozenset[str]]:
        """The table of seeds, if there is one."""
        return {self.seeds_table: frozenset({self.take})} if self.seeds_table else {}

    def __call__(
        self,
        record: Record,  # noqa: ARG002 - the draw knows the record
        entries: Sequence[Mapping[str, Json]],
        context: Context,
    ) -> Mapping[str, Json]:
        """Draw from seeds and entries (which come in the order of their ordinals); give the texts."""
        seeds = [row[self.take] for row in context.table(self.seeds_table)] if self.seeds_table else []
        grown = [str(entry[self.take]) for entry in entries]
        if self.n_seeds is None:
            return {self.field: context.draw().sample([*seeds, *grown], self.n)}
        drawn = context.draw("pool").sample(grown, self.n - self.n_seeds)
        drawn += context.draw("seeds").sample(seeds, self.n - len(drawn))
        return {self.field: context.draw("order").sample(drawn, self.n)}


@dataclass(frozen=True, slots=True)
class IntoPool:
    """Let a record into the pool, if the gate lets it pass.

    Reasons: the gate's; none without one.
    Source: ours.

    >>> IntoPool("kept", fields=("instruction",)).reads
    ('instruction',)
    """

    name: str
    """The pool's name, by which :class:`DrawFromPool` finds it."""
    fields: tuple[str, ...]
    """The fields that later draws read."""
    gate: Gate | None = None
    kind: Literal["ordered"] = dataclasses.field(default="ordered", init=False)

    def __post_init__(self) -> None:
        if not self.fields:
            raise RecipeError(
                f"pool {self.name!r} takes no fields", next="name the fields that later draws read"
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """The pooled fields, and those that the gate looks at."""
        return tuple(dict.fromkeys((*self.fields, *(self.gate.reads if self.gate else ()))))

    @property
    def keeps(self) -> tuple[str, ...]:
        """The fields that the engine holds of each kept record."""
        return self.fields

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        return self.gate.reasons if self.gate else ()

    def start(self, context: Context) -> Any:
        """Return the gate's state before the first record."""
        return self.gate.start(context) if self.gate else None

    def decide(self, state: Any, record: Record) -> Record | Reject:
        """Give the record back, or the gate's rejection."""
        return self.gate.decide(state, record) if self.gate else record
