"""The promises over drawn recipes: steps of every kind, nested, stopped in the middle and taken up again."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.runs import Captured, echo, files, numbers, run
from support.steps import Keep, Unlike, chance
from tanemaki.config.schema import Limits, ModelSettings
from tanemaki.core.errors import LimitReached
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Children, FieldType, Json, Record
from tanemaki.core.step import Context, Kind
from tanemaki.core.verdict import Reject


@dataclass(frozen=True)
class Write:
    """Ask for a field, given another."""

    source: str
    target: str
    roles: ClassVar[tuple[str, ...]] = ("writer",)
    reasons: ClassVar[tuple[str, ...]] = ("dull",)

    @property
    def name(self) -> str:
        return self.target

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.source,)

    @property
    def writes(self) -> Mapping[str, FieldType]:
        return {self.target: "text"}

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Reject:
        text = (await context.ask("writer", f"{self.target} {record[self.source]}")).text
        luck = chance(text)
        return {self.target: text} if luck > 0.05 else Reject("dull", luck, 0.05)


@dataclass(frozen=True)
class Fan:
    """Make up to three children."""

    source: str
    target: str
    roles: ClassVar[tuple[str, ...]] = ("writer",)
    fans_out: ClassVar[bool] = True

    @property
    def name(self) -> str:
        return self.target

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.source,)

    @property
    def writes(self) -> Mapping[str, FieldType]:
        return {self.target: "text"}

    async def __call__(self, record: Record, context: Context) -> Children:
        n = context.draw("n").below(4)
        texts = [
            (await context.ask("writer", f"{self.target}{i} {record[self.source]}")).text for i in range(n)
        ]
        return Children(tuple({self.target: text} for text in texts))


@dataclass(frozen=True)
class Join:
    """Join a parent's children."""

    source: str
    target: str
    kind: ClassVar[Kind] = "group"
    reasons: ClassVar[tuple[str, ...]] = ("childless",)

    @property
    def name(self) -> str:
        return self.target

    @property
    def reads(self) -> tuple[str, ...]:
        return (self.source,)

    @property
    def writes(self) -> Mapping[str, FieldType]:
        return {self.target: "text"}

    async def __call__(
        self, parent: Record, children: Sequence[Record], context: Context
    ) -> Mapping[str, Json] | Reject:
        del parent, context
        if not children:
            return Reject("childless", 0, 1)
        return {self.target: "+".join(str(child[self.source])[-6:] for child in children)}


Shape = list[Any]
"""A nested list: ``write``, ``keep``, ``unlike``, ``pair`` (two writes side by side), or a list (a group around it)."""

shapes: st.SearchStrategy[Shape] = st.recursive(
    st.lists(st.sampled_from(["write", "keep", "unlike", "pair"]), min_size=1, max_size=4),
    lambda inner: st.lists(inner | st.sampled_from(["write", "keep", "unlike"]), min_size=1, max_size=3),
    max_leaves=6,
)


def build(shape: Shape, field: str, steps: list[Any], *, spread: bool = False) -> str:
    """Append the steps of a shape, and return the field that the next one reads."""
    for part in shape:
        n = len(steps)
        if part == "write":
            steps.append(Write(field, f"w{n}"))
            field = f"w{n}"
        elif part == "keep":
            steps.append(Keep(field, 0.85, name=f"keep{n}"))
        elif part == "unlike":
            steps.append(Unlike(field, 40, 2, name=f"unlike{n}"))
        elif part == "pair":
            steps += [Write(field, f"l{n}"), Write(field, f"r{n}"), Keep(f"l{n}", 0.9, name=f"keep_l{n}")]
            field = f"r{n}"
        else:
            steps.append(Fan(field, f"fan{n}"))
            inner = build(part, f"fan{n}", steps)
            if not spread:
                steps.append(Join(inner, f"join{n}"))
                field = f"join{n}"
    return field


def concurrency(n: int) -> dict[str, ModelSettings]:
    return {"writer": ModelSettings(kind="scripted", file="-", concurrency=n)}


DRAWN = given(
    shape=shapes, spread=st.booleans(), rows=st.none() | st.integers(1, 12), stop_at=st.integers(1, 60)
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@DRAWN
def test_speed_order_and_stops_change_no_byte(
    *, shape: Shape, spread: bool, rows: int | None, stop_at: int
) -> None:
    hold_the_promises(shape, spread=spread, rows=rows, stop_at=stop_at)


@pytest.mark.long
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@DRAWN
def test_the_same_over_many_recipes(*, shape: Shape, spread: bool, rows: int | None, stop_at: int) -> None:
    hold_the_promises(shape, spread=spread, rows=rows, stop_at=stop_at)


def hold_the_promises(shape: Shape, *, spread: bool, rows: int | None, stop_at: int) -> None:
    steps: list[Any] = []
    field = build(shape, "question", steps)
    if spread:
        steps += [Fan(field, "last_fan"), Keep("last_fan", 0.8, name="last_keep")]
    if not any(isinstance(step, Write | Fan) for step in steps):
        steps.append(Write(field, "end"))
    recipe = Recipe(needs=("question",), steps=tuple(steps), name="drawn")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        more = {"rows": rows, "limits": Limits(accepted_share=None)}
        whole = run(recipe, numbers(25), root / "whole", Captured(echo), settings=concurrency(1), **more)
        assert whole.accounting.balances
        assert rows is not None or whole.accounting.roots == 25
        run(recipe, numbers(25), root / "fast", Captured(echo, slow="x"), settings=concurrency(9), **more)
        assert files(root / "fast") == files(root / "whole")
        first, second = Captured(echo, slow="y"), Captured(echo, slow="z")
        try:
            limits = Limits(requests=stop_at, accepted_share=None)
            run(recipe, numbers(25), root / "cut", first, settings=concurrency(5), rows=rows, limits=limits)
        except LimitReached:
            assert len(first.requests) == stop_at
        run(recipe, numbers(25), root / "cut", second, settings=concurrency(7), **more)
        assert files(root / "cut") == files(root / "whole")
        assert not set(first.texts) & set(second.texts), "a journaled reply was paid again"
