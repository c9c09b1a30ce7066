"""A second look at grounded rows: is the answer borne out, and is what should have no answer truly not there?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.generate.verdicts import Verdict

Checked = Literal["none", "unanswerable", "all"]


@dataclass(frozen=True, slots=True)
class CheckGrounds:
    """Ask a judge about the questions and answers of a row, and reject by what it says.

    ``unanswerable`` looks at questions that the text should not answer, ``all`` at every turn, ``none`` at nothing: the role
    is then not needed. No verdict never passes as a good one.

    Reasons: the second label of each verdict, and ``no_verdict``; the note names the turn.
    Cost: one call for each turn that is looked at.
    Source: ours; that unanswerable questions are checked by trying is SQuAD 2.0 (arXiv 1806.03822, §3), with people.

    >>> CheckGrounds("none", Verdict("grounded", "judge", "", {}), Verdict("findable", "judge", "", {})).roles
    ()
    """

    what: Checked
    grounded: Verdict
    """Slots: passage, question, answer."""
    findable: Verdict
    """Slots: passage, question."""
    name: str = "check"

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields that it looks at."""
        return ("text", "answerable", "turns", "question", "messages")

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """Nothing."""
        return {}

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompts that it renders, with their slots."""
        slots = frozenset({"passage", "question"})
        return {self.grounded.prompt: slots | {"answer"}, self.findable.prompt: slots}

    @property
    def roles(self) -> tuple[str, ...]:
        """The role that it asks, if it looks at anything."""
        return () if self.what == "none" else (self.grounded.of,)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        return tuple(dict.fromkeys((*self.grounded.reasons, *self.findable.reasons)))

    async def __call__(self, record: Record, context: Context) -> Record | Reject:
        """Look at the turns one after the other; give the record back, or the first rejection."""
        said = [str(message["content"]) for message in record["messages"] if message["role"] != "system"]
        questions, answers = [record["question"], *said[2::2]], said[1::2]
        for turn, (question, answer) in enumerate(zip(questions, answers, strict=True), 1):
            values: dict[str, Json] = {"passage": record["text"], "question": question}
            rejected = None
            if turn == record["turns"] and not record["answerable"]:
                rejected = await self.findable.ask(context, values) if self.what != "none" else None
            elif self.what == "all":
                rejected = await self.grounded.ask(context, {**values, "answer": answer})
            if rejected:
                return replace(
                    rejected, note=f"turn {turn}: {rejected.note}" if rejected.note else f"turn {turn}"
                )
        return record
