"""A numbered list that a model goes on with: several new texts of one request."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tanemaki.core.model import Request, Sampling
from tanemaki.core.record import Children, FieldType, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject

_ITEM = re.compile(
    r"^[ \t　]*(?:[-*#]+[ \t]*)?\**[ \t]*(\d{1,3})[ \t]*(?:[.．、)）:：](?!\d)|\*\*)[ \t]*\**[ \t]*",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class GoOn:
    """Show a numbered list, ask to go on with it, and make a record of each new item.

    The prompt is called like the field; its slots are ``shown`` (numbered from 1), ``first`` and ``last``, the
    numbers that are to be written; decoding stops at the number after. Every item becomes a child, an unfinished one,
    too: put :class:`~tanemaki.generate.several.Complete` after it. What stands before the first number is no item.

    Reasons: ``empty``, ``no_list`` (a reply without a number; measured: its beginning).
    Cost: one call for ``n`` items.
    Source: "Self-Instruct" (arXiv 2212.10560, section 2.2 and table 5): eight tasks are shown, the model goes on.

    >>> GoOn("instruction", of="writer", shown="examples", n=8).writes
    {'instruction': 'text', 'instruction_finish': 'text'}
    """

    field: str
    """The field that every child has of its own; the name of the prompt and of the step, too."""
    of: str
    """The role that is asked."""
    shown: str
    """The field with the list, texts."""
    n: int
    """Items that are asked for, 1 or more; further ones of the reply are not looked at."""
    sampling: Sampling = dataclasses.field(default_factory=Sampling)
    fans_out: bool = dataclasses.field(default=True, init=False)
    reasons: tuple[str, ...] = dataclasses.field(default=("empty", "no_list"), init=False)

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"GoOn({self.field!r}) needs n of at least 1, got {self.n}")

    @property
    def name(self) -> str:
        """The step's name."""
        return self.field

    @property
    def reads(self) -> tuple[str, ...]:
        """The list."""
        return (self.shown,)

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The item, and how its reply ended, which ``Complete`` reads."""
        return {self.field: "text", f"{self.field}_finish": "text"}

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompt that it renders, with its slots."""
        return {self.field: frozenset({self.shown, "first", "last"})}

    @property
    def roles(self) -> tuple[str, ...]:
        """The role that it asks."""
        return (self.of,)

    async def __call__(self, record: Record, context: Context) -> Children | Reject:
        """Ask once; give a child for each item."""
        shown = [str(one) for one in record[self.shown]]
        first, last = len(shown) + 1, len(shown) + self.n
        listed = "\n".join(f"{number}. {text}" for number, text in enumerate(shown, 1))
        messages = context.prompt(self.field).render({self.shown: listed, "first": first, "last": last})
        sampling = replace(self.sampling, stop=(*self.sampling.stop, f"\n{last + 1}."))
        reply = await context.ask(self.of, Request(messages=messages, sampling=sampling))
        if not reply.text.strip():
            return Reject("empty", 0, 1)
        items = read_items(reply.text)[: self.n]
        if not items:
            return Reject("no_list", reply.text.strip()[:40], f"{first}.")
        finished = ["stop"] * len(items)
        if reply.was_cut and len(items) < self.n:
            finished[-1] = "length"
        return Children(
            tuple(
                {self.field: item, f"{self.field}_finish": how}
                for item, how in zip(items, finished, strict=True)
            )
        )


def read_items(text: str) -> list[str]:
    """Return the items of a numbered list, in their order, without number and bold signs.

    >>> read_items("はい、続けます。\\n9. 俳句を一句詠む。\\n**10．** 旅程を立てる。")
    ['俳句を一句詠む。', '旅程を立てる。']
    """
    found = list(_ITEM.finditer(text))
    ends = [*(one.start() for one in found), len(text)][1:]
    return [text[one.end() : end].strip().strip("*").strip() for one, end in zip(found, ends, strict=False)]
