"""One question to one model, whose answer fills several fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tanemaki.core.model import Request, Sampling
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.structured import Schema, plain


@dataclass(frozen=True, slots=True)
class AskFields:
    """Write the fields that a schema names with one call.

    The prompt has the step's name, its slots are exactly ``given``. What the model is told of the form comes from the schema
    alone: the prompt need not speak of JSON. A property that the reply leaves out is None. A reply that does not fit is
    repaired once; then the row fails with ``wrong_schema``, and with ``cut`` where ``max_tokens`` ended the reply.

    Raises: ``RecipeError`` for a schema that is not an object with properties.
    Cost: one call a record, two where the first reply does not fit.
    Source: ours. Differs: constrained decoding, where an endpoint has it, is "Efficient Guided Generation for Large Language
    Models" (arXiv 2307.09702); here its result is checked as well.

    >>> 料理 = {"type": "object", "properties": {"料理名": {"type": "string"}, "分量": {"type": "integer"}}}
    >>> AskFields("dish", of="writer", given=("text",), schema=料理).writes
    {'料理名': 'text', '分量': 'integer'}
    """

    name: str
    """The step's name, and that of the prompt."""
    of: str
    """The role that is asked."""
    schema: Any
    """A pydantic class, or a JSON schema as a mapping."""
    given: tuple[str, ...] = ()
    """The fields that the prompt shows."""
    sampling: Sampling = dataclasses.field(default_factory=Sampling)
    """The recipe's wish; the run file's sampling goes before it."""
    form: Schema = dataclasses.field(init=False, repr=False)
    writes: Mapping[str, FieldType] = dataclasses.field(init=False, repr=False)
    """The fields that it adds: the schema's properties."""

    def __post_init__(self) -> None:
        form = Schema.of(self.schema)
        object.__setattr__(self, "form", form)
        object.__setattr__(self, "writes", form.fields())

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields that must be there before."""
        return self.given

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompt that it renders, with its slots."""
        return {self.name: frozenset(self.given)}

    @property
    def roles(self) -> tuple[str, ...]:
        """The role that it asks."""
        return (self.of,)

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json]:
        """Ask once; give the fields."""
        messages = context.prompt(self.name).render({name: record[name] for name in self.given})
        request = Request(messages=messages, sampling=self.sampling)
        found = plain((await context.ask(self.of, request, schema=self.form)).parsed)
        return {name: found.get(name) for name in self.writes}
