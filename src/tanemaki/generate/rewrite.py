"""One text made of another, and looked at before it becomes a field."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from tanemaki.core.model import Request, Sampling
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.generate.converse import Filter
from tanemaki.generate.looking import look, reasons_of


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Write one text field with one call; the filters see the reply before it is written, and may clean it.

    The prompt has the field's name, its slots are exactly ``given``. The filters see the record with ``text``, the reply;
    other fields that they read must be there before. What they leave is what the field holds.

    Reasons: ``cut``, ``empty``, and those of the filters.
    Cost: one call a record.
    Source: ours. Fault 3: a cleaner's result is what is written, never the text before it.

    >>> Rewrite("rewritten", of="writer", given=("passage",)).reasons
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
        """What the prompt shows, and what the filters compare with."""
        compared = (name for one in self.filters for name in getattr(one, "reads", ()) if name != "text")
        return tuple(dict.fromkeys((*self.given, *compared)))

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
        text = look(reply, self.filters, record)
        return text if isinstance(text, Reject) else {self.field: text}
