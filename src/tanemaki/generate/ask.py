"""One question to one model, whose answer becomes a field."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from tanemaki.core.model import Request, Sampling
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.generate.replies import REASONS, check_reply


@dataclass(frozen=True, slots=True)
class Ask:
    """Write one text field with one call.

    The prompt has the field's name, its slots are exactly ``given``. Outer white space is taken off the reply; nothing else
    is changed: cleaning belongs to the filters that follow, where it is seen.

    Reasons: ``cut``, ``empty``.
    Cost: one call a record.
    Source: ours.

    >>> step = Ask("question", of="writer", given=("persona", "topic"))
    >>> step.name, sorted(step.prompts["question"])
    ('question', ['persona', 'topic'])
    """

    field: str
    """The field that is written; the name of the prompt and of the step, too."""
    of: str
    """The role that is asked."""
    given: tuple[str, ...] = ()
    """The fields that the prompt shows."""
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
        return REASONS

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Reject:
        """Ask once; give the field, or why there is none."""
        values = {name: record[name] for name in self.given}
        messages = context.prompt(self.field).render(values)
        reply = await context.ask(self.of, Request(messages=messages, sampling=self.sampling))
        return check_reply(reply) or {self.field: reply.text.strip()}
