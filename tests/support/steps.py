"""Small steps of every kind, for recipes that exercise the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from tanemaki.core.record import Children, FieldType, Json, Record
from tanemaki.core.seeding import digest
from tanemaki.core.step import Asker, Context, Kind
from tanemaki.core.verdict import Reject


def chance(text: str) -> float:
    """Return a number from 0 to 1 that belongs to a text."""
    return digest(text)[0] / 256


async def answer(question: str, *, writer: Asker) -> str:
    """Ask for an answer."""
    return (await writer(question)).text


@dataclass(frozen=True)
class Keep:
    """Keep the share of records whose field's hash is high enough."""

    field: str
    share: float
    name: str = "keep"
    reasons: ClassVar[tuple[str, ...]] = ("unlucky",)

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.field,)

    def __call__(self, record: Record) -> Record | Reject:
        luck = chance(str(record[self.field]))
        return record if luck < self.share else Reject("unlucky", round(luck, 4), self.share)


@dataclass(frozen=True)
class Draft:
    """Make n children, each with a draft of its own."""

    n: int
    name: str = "draft"
    fans_out: ClassVar[bool] = True
    reads: ClassVar[tuple[str, ...]] = ("question",)
    writes: ClassVar[Mapping[str, FieldType]] = {"draft": "text"}
    roles: ClassVar[tuple[str, ...]] = ("writer",)

    async def __call__(self, record: Record, context: Context) -> Children:
        drafts = [
            (await context.ask("writer", f"{record['question']} 案{i}", sample=i)).text for i in range(self.n)
        ]
        return Children(tuple({"draft": draft} for draft in drafts))


@dataclass(frozen=True)
class Best:
    """Take the greatest draft of a parent's children into the parent; none is a rejection."""

    name: str = "best"
    kind: ClassVar[Kind] = "group"
    reads: ClassVar[tuple[str, ...]] = ("draft",)
    writes: ClassVar[Mapping[str, FieldType]] = {"best": "text", "n_drafts": "integer"}
    reasons: ClassVar[tuple[str, ...]] = ("no_draft_left",)

    async def __call__(
        self, parent: Record, children: Sequence[Record], context: Context
    ) -> Mapping[str, Json] | Reject:
        if not children:
            return Reject("no_draft_left", 0, 1)
        return {"best": max(str(child["draft"]) for child in children), "n_drafts": len(children)}


@dataclass(frozen=True)
class Unlike:
    """Reject a record whose field's hash falls into the same of k drawers as that of an earlier one (twice at most)."""

    field: str
    k: int
    most: int = 1
    name: str = "unlike"
    kind: ClassVar[Kind] = "ordered"
    reasons: ClassVar[tuple[str, ...]] = ("seen",)

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.field,)

    @property
    def keeps(self) -> tuple[str, ...]:
        return (self.field,)

    def start(self, context: Context) -> dict[int, int]:
        del context
        return {}

    def decide(self, state: dict[int, int], record: Record) -> Record | Reject:
        drawer = int(chance(str(record[self.field])) * self.k)
        state[drawer] = state.get(drawer, 0) + 1
        return record if state[drawer] <= self.most else Reject("seen", state[drawer], self.most)


@dataclass(frozen=True)
class Top:
    """Keep the n records with the greatest field; needs all of them."""

    field: str
    n: int
    name: str = "top"
    rank: str = "rank"
    kind: ClassVar[Kind] = "set"
    reasons: ClassVar[tuple[str, ...]] = ("not_among_the_best",)

    @property
    def writes(self) -> Mapping[str, FieldType]:
        return {self.rank: "integer"}

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.field,)

    def decide(
        self, records: Iterable[Record], context: Context
    ) -> Iterator[tuple[str, Mapping[str, Json] | Reject]]:
        del context
        ranked = sorted(((str(record[self.field]), record.id) for record in records), reverse=True)
        for rank, (_, record) in enumerate(ranked, start=1):
            yield record, {self.rank: rank} if rank <= self.n else Reject("not_among_the_best", rank, self.n)


@dataclass(frozen=True)
class FromPool:
    """Ask for something new after what the pool held when the epoch began."""

    pool: str
    epoch: int
    name: str = "from_pool"
    kind: ClassVar[Literal["draws"]] = "draws"
    reads: ClassVar[tuple[str, ...]] = ("question",)
    writes: ClassVar[Mapping[str, FieldType]] = {"grown": "text", "n_seen": "integer"}
    roles: ClassVar[tuple[str, ...]] = ("writer",)

    async def __call__(
        self, record: Record, entries: Sequence[Mapping[str, Json]], context: Context
    ) -> Mapping[str, Json]:
        shown = context.draw("examples").sample(list(entries), 2)
        prompt = f"{record['question']}\n例: {[entry['grown'] for entry in shown]}"
        return {"grown": (await context.ask("writer", prompt)).text, "n_seen": len(entries)}
