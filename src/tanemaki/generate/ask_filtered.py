"""One question to one model, whose answer is looked at before it becomes a field."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from tanemaki.core.model import Request, Sampling
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.generate.looking import look, reasons_of
from tanemaki.generate.turns import Filter


@dataclass(frozen=True, slots=True)
class AskFiltered:
    """Write one text field with one call, as the filters leave it.

    The prompt has the field's name, its slots are exactly ``given``. The filters see the record with ``text`` (the reply)
    and ``examples`` (the worked examples of the prompt).

    Reasons: ``cut``, ``empty``, and those of the filters.
    Cost: one call a record.
    Source: ours.

    >>> AskFiltered("question", of="writer", given=("unit", "level")).reasons
    ('cut', 'empty')
    """

    field: str
    """The field that is written; the name of the prompt and of the step, too."""
    of: str
    """The role that is asked."""
    given: tuple[str, ...] = ()
    """The fields that the prompt shows."""
    filters: tuple[Filter, ...] = ()
    sampling: Sampling = dataclasses.field(default_factory=Sampling)
    """The recipe's wish; the run file's sampling goes before it."""

    @property
    def name(self) -> str:
        """The step's name."""
        return self.field

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields that must be there before."""
        return self.given

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The field that it adds."""
        return {self.field: "text"}

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompt that it renders, with its slots."""
        return {self.field: frozenset(self.given)}

    @property
    def roles(self) -> tuple[str, ...]:
        """The role that it asks."""
        return (self.of,)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        return reasons_of(self.filters)

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Reject:
        """Ask once; give the field, or why there is none."""
        messages = context.prompt(self.field).render({name: record[name] for name in self.given})
        reply = await context.ask(self.of, Request(messages=messages, sampling=self.sampling))
        examples = [message["content"] for message in messages if message["role"] == "assistant"]
        said = look(reply, self.filters, record, examples=examples)
        return said if isinstance(said, Reject) else {self.field: said}
