"""An instruction for a text that is there already."""

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
class Instruct:
    """Write the instruction to which a text of a person is the answer.

    The prompt has the field's name and one slot, the text. The reply is judged at once by the filters, which see the record
    with ``text`` (the reply), ``answer`` (the text) and ``examples`` (the worked examples of the prompt).

    Reasons: ``cut``, ``empty``, and those of the filters.
    Cost: one call.
    Source: "Self-Alignment with Instruction Backtranslation" (arXiv 2308.06259, §2.2). Differs: a prompted model writes the
    instruction, where the paper fine-tunes one on 3,200 seed pairs turned round; and the reply is checked.

    >>> Instruct("instruction", of="writer", given="text").prompts
    {'instruction': frozenset({'text'})}
    """

    field: str
    """The field that is written; the name of the prompt and of the step, too."""
    of: str
    """The role that is asked."""
    given: str
    """The field with the text."""
    filters: tuple[Filter, ...] = ()
    sampling: Sampling = dataclasses.field(default_factory=Sampling)
    """The recipe's wish; the run file's sampling goes before it."""

    @property
    def name(self) -> str:
        """The step's name."""
        return self.field

    @property
    def reads(self) -> tuple[str, ...]:
        """The text."""
        return (self.given,)

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The instruction."""
        return {self.field: "text"}

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompt that it renders, with its slot."""
        return {self.field: frozenset({self.given})}

    @property
    def roles(self) -> tuple[str, ...]:
        """The role that it asks."""
        return (self.of,)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        return reasons_of(self.filters)

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Reject:
        """Ask once; give the instruction, or why there is none."""
        messages = context.prompt(self.field).render({self.given: record[self.given]})
        reply = await context.ask(self.of, Request(messages=messages, sampling=self.sampling))
        examples = [message["content"] for message in messages if message["role"] == "assistant"]
        said = look(reply, self.filters, record, answer=record[self.given], examples=examples)
        return said if isinstance(said, Reject) else {self.field: said}
