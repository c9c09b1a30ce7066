"""The recipe: a list of steps, and the check that they fit together with their prompts before any call is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tanemaki.core.errors import RecipeError, nearest
from tanemaki.core.model import Capability
from tanemaki.core.prompt import Texts
from tanemaki.core.record import FieldType
from tanemaki.core.step import Spec, spec_of


@dataclass(frozen=True)
class Trial:
    """What a judge must pass before a recipe lets it rank: another recipe, whose rows the judge decides first."""

    recipe: str
    """Name of the recipe that measures, e.g. ``judge_bench``; it asks one role, with the same prompt as the run."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Its options."""
    role: str = "judge"
    """The run's role that is measured."""
    rows: int = 60
    """Rows on which it is measured; their source counts them."""


@dataclass(frozen=True)
class Recipe:
    """A list of steps.

    >>> from tanemaki.core.record import Record
    >>> async def answer(question, *, writer):
    ...     return (await writer(question)).text
    >>> recipe = Recipe(needs=("question",), steps=(answer,))
    >>> recipe.check({}), sorted(recipe.roles)
    (None, ['writer'])
    """

    steps: tuple[Any, ...]
    needs: tuple[str, ...] = ()
    """Fields that the source must give."""
    hidden: tuple[str, ...] = ()
    """Fields that steps write for one another and that the dataset does not show."""
    trials: tuple[Trial, ...] = ()
    """What its judges must pass before the run, each on its own; none where no model ranks."""
    name: str = field(default="", kw_only=True)
    """Given by the folder it lies in."""

    @cached_property
    def specs(self) -> tuple[Spec, ...]:
        """What the engine knows of each step."""
        return tuple(spec_of(step) for step in self.steps)

    @property
    def roles(self) -> Mapping[str, frozenset[Capability]]:
        """The roles that the steps ask, with every capability that one of them needs."""
        roles: dict[str, frozenset[Capability]] = {}
        for spec in self.specs:
            for role, needed in spec.roles.items():
                roles[role] = roles.get(role, frozenset()) | needed
        return roles

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The fields that reach the dataset, with their types, in the order of the steps."""
        written: dict[str, FieldType] = {}
        for spec in self.specs:
            written.update(spec.writes)
        return {name: kind for name, kind in written.items() if name not in self.hidden}

    def check(self, texts: Mapping[str, Texts]) -> None:
        """Raise ``RecipeError`` unless every step finds its fields, prompts and tables, in each of the languages.

        Needs no model. ``texts`` maps a language to what the recipe's folder says in it; empty for a recipe without
        prompts. Slots must be exactly the step's inputs.
        """
        if not self.steps:
            raise RecipeError(f"recipe {self.name!r} has no steps", next="list at least one in RECIPE")
        self._check_names()
        self._check_fields()
        for spec in self.specs:
            if (spec.prompts or spec.tables) and not texts:
                raise RecipeError(f"step {spec.name!r} needs prompts or tables, but the recipe has no texts")
            for one in texts.values():
                _check_texts(spec, one)

    def _check_names(self) -> None:
        seen: set[str] = set()
        for spec in self.specs:
            if spec.name in seen:
                raise RecipeError(
                    f"two steps are called {spec.name!r}",
                    next="give one of them another name: calls are known by their step's name",
                )
            seen.add(spec.name)

    def _check_fields(self) -> None:
        known = dict.fromkeys(self.needs, self.needs)
        outer: list[dict[str, Any]] = []
        pools: set[str] = set()
        for spec in self.specs:
            for name in spec.reads:
                if name not in known:
                    near = nearest(name, known)
                    raise RecipeError(
                        f"step {spec.name!r} reads the field {name!r}, which nothing wrote before it",
                        got=f"fields until then: {', '.join(known) or 'none'}",
                        next=f"did you mean {near!r}?"
                        if near
                        else "add it to `needs`, or a step that writes it",
                    )
            if spec.kind == "group":
                if not outer:
                    raise RecipeError(
                        f"group step {spec.name!r} has no step before it that makes several records of one"
                    )
                known = outer.pop()
            if spec.kind == "draws" and spec.pool not in {s.name for s in self.specs if s.kind == "ordered"}:
                raise RecipeError(
                    f"step {spec.name!r} draws from {spec.pool!r}, which is no ordered step of this recipe"
                )
            if spec.kind == "set":
                if outer and any(later.kind == "group" for later in self.specs[self.specs.index(spec) :]):
                    raise RecipeError(
                        f"set step {spec.name!r} stands between a step that makes several records and its group"
                    )
                pools.clear()
            if spec.kind == "ordered":
                pools.add(spec.name)
            if spec.fans_out:
                outer.append(dict(known))
            for name in spec.writes:
                if name in known:
                    raise RecipeError(
                        f"step {spec.name!r} writes the field {name!r}, which was there before",
                        next="write another field: a field is written once, so that a row shows how it came to be",
                    )
                known[name] = ()


def _check_texts(spec: Spec, texts: Texts) -> None:
    for name, inputs in spec.prompts.items():
        prompt = texts.prompts.get(name)
        if prompt is None:
            near = nearest(name, texts.prompts)
            raise RecipeError(
                f"step {spec.name!r} has no prompt {name!r} in language {texts.language!r}",
                got=f"prompts: {', '.join(sorted(texts.prompts)) or 'none'}",
                next=f"rename {near}.md to {name}.md"
                if near
                else f"write prompts/{texts.language}/{name}.md",
            )
        if prompt.slots != inputs:
            missing, unknown = sorted(inputs - prompt.slots), sorted(prompt.slots - inputs)
            near = nearest(unknown[0], inputs) if unknown else None
            raise RecipeError(
                f"prompt {name!r} ({texts.language}) and step {spec.name!r} differ in their slots",
                where=prompt.path or None,
                got="; ".join(
                    part
                    for part in (
                        f"slots without a field: {', '.join(unknown)}" if unknown else "",
                        f"inputs without a slot: {', '.join(missing)}" if missing else "",
                    )
                    if part
                ),
                next=f"did you mean {{{{ {near} }}}}?"
                if near
                else f"the slots are exactly: {', '.join(sorted(inputs)) or 'none'}",
            )
    for name, columns in spec.tables.items():
        rows = texts.tables.get(name)
        if not rows:
            raise RecipeError(
                f"step {spec.name!r} has no table {name!r} in language {texts.language!r}",
                next=f"write data/{texts.language}/{name}.tsv with a header line",
            )
        lacking = sorted(columns - rows[0].keys())
        if lacking:
            raise RecipeError(
                f"table {name!r} ({texts.language}) lacks the column {lacking[0]!r}",
                got=f"columns: {', '.join(rows[0])}",
            )
