"""Recipes that are drawn: steps of all four kinds, nested and side by side, for the promises as invariants.

A shape is a nested list: ``write``, ``keep``, ``heavy`` (the same for a worker process), ``unlike``, ``pair`` (two writes
side by side), ``top`` (a set step, not inside a group), or a list, which is a group around what it holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from support.steps import Keep, Top, Unlike, chance
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import Children, FieldType, Json, Record
from tanemaki.core.seeding import Draw
from tanemaki.core.step import Context, Kind
from tanemaki.core.verdict import Reject

Shape = list[Any]
PARTS = ("write", "keep", "heavy", "unlike", "pair")


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


@dataclass(frozen=True)
class Heavy(Keep):
    """The same as ``Keep``, done by a worker process where there are any."""

    heavy: ClassVar[bool] = True


def recipe_of(shape: Shape, *, spread: bool = False) -> Recipe:
    """Return the recipe of a shape; with ``spread`` the children stay records of their own to the end."""
    steps: list[Any] = []
    field = _build(shape, "question", steps)
    if spread:
        steps += [Fan(field, "last_fan"), Keep("last_fan", 0.8, name="last_keep")]
    if not any(isinstance(step, Write | Fan) for step in steps):
        steps.append(Write(field, "end"))
    return Recipe(needs=("question",), steps=tuple(steps), name="drawn")


def _build(shape: Shape, field: str, steps: list[Any]) -> str:
    """Append the steps of a shape, and return the field that the next one reads."""
    for part in shape:
        n = len(steps)
        if part == "write":
            steps.append(Write(field, f"w{n}"))
            field = f"w{n}"
        elif part == "keep":
            steps.append(Keep(field, 0.85, name=f"keep{n}"))
        elif part == "heavy":
            steps.append(Heavy(field, 0.9, name=f"heavy{n}"))
        elif part == "unlike":
            steps.append(Unlike(field, 40, 2, name=f"unlike{n}"))
        elif part == "top":
            steps.append(Top(field, 15, name=f"top{n}", rank=f"rank{n}"))
        elif part == "pair":
            steps += [Write(field, f"l{n}"), Write(field, f"r{n}"), Keep(f"l{n}", 0.9, name=f"keep_l{n}")]
            field = f"r{n}"
        else:
            steps.append(Fan(field, f"fan{n}"))
            inner = _build(part, f"fan{n}", steps)
            steps.append(Join(inner, f"join{n}"))
            field = f"join{n}"
    return field


def shape_of(draw: Draw, *, depth: int = 0) -> Shape:
    """Return a shape that is drawn."""
    shape: Shape = [draw.choose(PARTS) for _ in range(1 + draw.below(3))]
    if depth < 2 and draw.uniform() < 0.5:
        shape.insert(draw.below(len(shape) + 1), shape_of(draw, depth=depth + 1))
    if not depth and draw.uniform() < 0.3:
        shape.insert(draw.below(len(shape) + 1), "top")
    return shape
