"""Several answers to one prompt, by one role or by a pool of them, each on its way as a record of its own.

An answer that fails, is cut or is rejected takes nothing from the others: the group step that follows sees who is left.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from tanemaki.core.errors import RecipeError
from tanemaki.core.model import Request, Sampling
from tanemaki.core.prompt import show_value
from tanemaki.core.record import Children, FieldType, Json, Message, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.generate.looking import Filter, look, reasons_of


@dataclass(frozen=True, slots=True)
class Answerers:
    """Make ``n`` records of one, and say of each which role answers it.

    With more roles than answers, each record draws its own; with fewer, all answer equally often, and who does so once more
    is drawn.

    Cost: no call.
    Source: "UltraFeedback" (arXiv 2310.01377, section 2.2): four models of a pool for each instruction. Differs: the draw is
    of the record's id, and a pool that is smaller than ``n`` answers more than once.

    >>> Answerers(among=("writer",), n=2).fans_out
    True
    """

    among: tuple[str, ...]
    """The roles that may answer."""
    n: int
    """Answers per record, 1 or more."""
    name: str = dataclasses.field(default="answerers", init=False)
    writes: Mapping[str, FieldType] = dataclasses.field(
        default_factory=lambda: {"answerer": "text"}, init=False
    )
    fans_out: bool = dataclasses.field(default=True, init=False)

    def __post_init__(self) -> None:
        """Refuse a pool without roles, one that names a role twice, and less than one answer."""
        if self.n < 1 or not self.among or len(set(self.among)) < len(self.among):
            raise RecipeError(
                "answers need at least one role, each named once, and at least one answer",
                got=f"roles {', '.join(self.among) or 'none'}; n {self.n}",
            )

    def __call__(self, record: Record, context: Context) -> Children:  # noqa: ARG002 - the draw knows the record
        """Give a child for each answer that is wanted."""
        rounds, rest = divmod(self.n, len(self.among))
        draw = context.draw()
        chosen = [*(self.among * rounds), *draw.sample(list(self.among), rest)]
        return Children(tuple({"answerer": role} for role in draw.sample(chosen, len(chosen))))


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer the prompt with the role that the record names.

    The prompt's messages go out as they are; with ``system``, that field's text goes before them, into the prompt's own
    system message where it has one: many chat templates refuse a second. The filters see the record with ``text``, the
    reply.

    Reasons: ``cut``, ``empty``, those of the filters.
    Cost: one call a record.
    Source: ours.

    >>> Answer("answer", among=("strong", "weak")).roles
    ('strong', 'weak')
    """

    field: str
    """The field that is written; the step's name, too."""
    among: tuple[str, ...]
    """The roles that may answer: those of :class:`Answerers`."""
    asked: str = "prompt"
    """The field with the messages."""
    system: str | None = None
    """The field with the system message, if there is one."""
    filters: tuple[Filter, ...] = ()
    sampling: Sampling = dataclasses.field(default_factory=Sampling)
    """The recipe's wish; the run file's sampling goes before it."""

    @property
    def name(self) -> str:
        """The step's name."""
        return self.field

    @property
    def reads(self) -> tuple[str, ...]:
        """Who answers what, and what the filters compare with."""
        own = (self.asked, "answerer", *((self.system,) if self.system else ()))
        others = (name for one in self.filters for name in getattr(one, "reads", ()) if name != "text")
        return tuple(dict.fromkeys((*own, *others)))

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The answer."""
        return {self.field: "text"}

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that it may ask."""
        return self.among

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        return reasons_of(self.filters)

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Reject:
        """Ask once; give the answer, or why there is none."""
        messages = list(record[self.asked])
        if self.system is not None:
            messages = _under(record[self.system], messages)
        request = Request(messages=messages, sampling=self.sampling)
        said = look(await context.ask(record["answerer"], request), self.filters, record)
        return said if isinstance(said, Reject) else {self.field: said}


def _under(system: str, messages: list[Message]) -> list[Message]:
    """Return the messages with a system text before everything else."""
    if messages[0]["role"] != "system":
        return [{"role": "system", "content": system}, *messages]
    own = messages[0]
    return [{**own, "content": f"{system}\n\n{show_value(own['content'])}"}, *messages[1:]]
