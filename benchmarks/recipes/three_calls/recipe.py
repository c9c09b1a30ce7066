"""Three calls a row, each needing the one before, with filters between them and a verdict that is parsed at the end.

For: the benchmark of the engine. Source: ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.core.model import Request
from tanemaki.core.recipe import Recipe
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.generate.ask import Ask

_SCORE = re.compile(r"Score: ([1-5])\b")


@dataclass(frozen=True, slots=True)
class Rate:
    """Ask for a score from 1 to 5 and parse it; keep the row from ``keep_from`` up.

    Reasons: ``no_score``, ``low_score``. Source: ours.
    """

    keep_from: int

    @property
    def name(self) -> str:
        """The step's name."""
        return "score"

    @property
    def reads(self) -> tuple[str, ...]:
        """The fields that must be there before."""
        return ("number", "question", "answer")

    @property
    def writes(self) -> Mapping[str, FieldType]:
        """The field that it adds."""
        return {"score": "integer"}

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompt that it renders."""
        return {"score": frozenset(self.reads)}

    @property
    def roles(self) -> tuple[str, ...]:
        """The role that it asks."""
        return ("writer",)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        return ("no_score", "low_score")

    async def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Reject:
        """Ask, parse, decide."""
        values = {name: record[name] for name in self.reads}
        reply = await context.ask("writer", Request(messages=context.prompt("score").render(values)))
        found = _SCORE.search(reply.text)
        if found is None:
            return Reject("no_score")
        score = int(found[1])
        return {"score": score} if score >= self.keep_from else Reject("low_score", score, self.keep_from)


RECIPE = Recipe(
    needs=("number", "prompt"),
    steps=(
        Ask("question", of="writer", given=("number", "prompt")),
        Length("question", min_chars=20, max_chars=8_000),
        Ask("answer", of="writer", given=("number", "question")),
        Refusal("answer", "en"),
        Language("answer", "en"),
        Rate(keep_from=2),
    ),
)
