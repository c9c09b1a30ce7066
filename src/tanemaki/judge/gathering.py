"""The group step before every pair: the answers to one prompt, gathered where the judge's verdicts will stand, too."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.judge.candidates import Candidate
from tanemaki.text.answers import bare_answer
from tanemaki.text.final_answer import final_answer


@dataclass(frozen=True, slots=True)
class GatherAnswers:
    """Write the answers that arrived to their prompt's record: ``answers``, a list in the order of the children.

    Each one is ``answer``, ``answerer`` (the role), ``score`` (None where no judge was asked) and the fields of ``also``.
    What failed on the way is not there, and has a row of its own among the rejected or failed ones. Nothing is rejected
    here: a prompt that makes no pair keeps its answers in the rejected row.

    Cost: no call.
    Source: ours, after the ``completions`` of UltraFeedback (arXiv 2310.01377): one entry for an answer, so that texts and
    names cannot come apart.

    >>> GatherAnswers(score="single", also=("single_rationale",)).reads
    ('answer', 'answerer', 'single', 'single_rationale')
    """

    score: str | None = None
    """The children's field with the score; None where no judge was asked."""
    also: tuple[str, ...] = ()
    """Further fields of the children that are kept, under their own names."""
    answer: str = "answer"
    """The children's field with the answer."""
    name: str = dataclasses.field(default="answers", init=False)
    kind: Literal["group"] = dataclasses.field(default="group", init=False)
    writes: Mapping[str, FieldType] = dataclasses.field(
        default_factory=lambda: {"answers": "json"}, init=False
    )

    @property
    def reads(self) -> tuple[str, ...]:
        """What the children bring."""
        return (self.answer, "answerer", *((self.score,) if self.score else ()), *self.also)

    async def __call__(
        self, parent: Record, children: Sequence[Record], context: Context
    ) -> Mapping[str, Json]:
        """Give the list."""
        del parent, context
        return {"answers": [self._told(child) for child in children]}

    def _told(self, child: Record) -> dict[str, Json]:
        told = {"answer": child[self.answer], "answerer": child["answerer"]}
        told["score"] = child[self.score] if self.score else None
        return told | {name: child[name] for name in self.also}


def candidates_of(
    answers: Sequence[Mapping[str, Json]], *, higher_is_better: bool = True, exact: bool = False
) -> list[Candidate]:
    """Return gathered answers as what a pair is picked from; with ``exact``, what each comes to is read, too.

    >>> candidates_of([{"answer": "葛です。", "answerer": "a", "score": 2.0}], higher_is_better=False)[
    ...     0
    ... ].score
    -2.0
    """
    sign = 1 if higher_is_better else -1
    return [
        Candidate(
            one["answer"],
            sign * (one["score"] or 0),
            one["answerer"],
            exact,
            bare_answer(final_answer(one["answer"])) if exact else "",
        )
        for one in answers
    ]
