"""Records of several kinds in one set: each goes through the steps of the kind that is drawn for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from tanemaki.core.errors import RecipeError
from tanemaki.core.prompt import Prompt, Row
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context, spec_of
from tanemaki.core.verdict import Reject


@dataclass(frozen=True)
class Part:
    """A kind of record: how often it is drawn, and the pure steps that make it."""

    kind: str
    weight: int
    """Its share among all weights; 0 leaves it out."""
    steps: tuple[Any, ...]
    """Steps of kind ``each`` that ask no model and reject nothing, in their order."""
    asked: str = "prompt"
    """The field with what the user says."""
    said: str = "solution"
    """The field with what the assistant says."""


@dataclass(frozen=True)
class Mixed:
    """Draw a kind for each record, and do that kind's steps; fields of the other kinds are null.

    Each step draws under a name of its own, so that one kind's draws do not depend on another's.

    Writes ``kind``, the fields of every part, and ``messages``.

    Raises: ``RecipeError`` where no part has a weight, or a step of a part rejects a record: such steps stand alone.
    Cost: the steps' own.
    Source: ours; mixtures of verified tasks as reasoning-gym's composite sets have them. Differs: what a row is, stands
    in it.

    >>> from tanemaki.verify.pose import Pose
    >>> Mixed((Part("maths", 1, (Pose(("cranes_and_turtles",)),)),)).writes["kind"]
    'text'
    """

    parts: tuple[Part, ...]
    name: ClassVar[str] = "mixed"
    reads: ClassVar[tuple[str, ...]] = ()
    heavy: ClassVar[bool] = True

    def __post_init__(self) -> None:
        """Refuse weights of which nothing can be drawn."""
        if not any(part.weight > 0 for part in self.parts) or any(part.weight < 0 for part in self.parts):
            raise RecipeError(
                "a mixture needs weights of 0 or more, not all 0",
                got=", ".join(f"{part.kind} {part.weight}" for part in self.parts),
            )

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The fields of all parts."""
        written: dict[str, FieldType] = {"kind": "text"}
        for part in self.parts:
            for step in part.steps:
                written.update(spec_of(step).writes)
        return {**written, "messages": "messages"}

    @property
    def tables(self) -> Mapping[str, frozenset[str]]:
        """The tables of all parts."""
        return {
            name: columns
            for part in self.parts
            for step in part.steps
            for name, columns in spec_of(step).tables.items()
        }

    def __call__(self, record: Record, context: Context) -> Mapping[str, Json]:
        """Draw a kind; give its fields."""
        weights = [part.weight for part in self.parts]
        part = context.draw().weighted(self.parts, weights)
        made = record
        for step in part.steps:
            spec = spec_of(step)
            outcome = step(made, _Within(context, spec.name)) if spec.takes_context else step(made)
            if isinstance(outcome, Reject):
                raise RecipeError(
                    f"step {spec.name!r} of the kind {part.kind!r} rejected a record: {outcome}"
                )
            made = made.with_fields(**outcome)
        fields: dict[str, Json] = {name: made.get(name) for name in self.writes}
        asked, said = ({"role": role, "content": made[name]} for role, name in _roles(part))
        return {**fields, "kind": part.kind, "messages": [asked, said]}


def _roles(part: Part) -> Sequence[tuple[str, str]]:
    return (("user", part.asked), ("assistant", part.said))


class _Within:
    """The context of a step within a mixture: the same, but that its draws have the step's name."""

    def __init__(self, context: Context, name: str) -> None:
        self._context = context
        self._name = name

    @property
    def language(self) -> str:
        return self._context.language

    def prompt(self, name: str) -> Prompt:
        return self._context.prompt(name)

    def table(self, name: str) -> tuple[Row, ...]:
        return self._context.table(name)

    def draw(self, *place: str | int) -> Any:
        return self._context.draw(self._name, *place)

    async def ask(self, *_: Any, **__: Any) -> Any:
        raise RecipeError(f"step {self._name!r} of a mixture asks a model: only pure steps can be mixed")
