"""Answers of which several say the same, where no solver knows better."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tanemaki.core.errors import RecipeError
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.text.answer_reading import stated_answers, value_said
from tanemaki.text.answers import bare_answer
from tanemaki.text.final_answer import marked_answer
from tanemaki.verify.checked_lines import CheckedLines
from tanemaki.verify.claimed_sums import find_claims


@dataclass(frozen=True, slots=True)
class Agreed:
    """Keep a question whose independent answers agree: ``k`` or more end in the same, and more than in anything else.

    What an answer comes to is read as a reward reads it: the number, whatever it is written in, else the words; a text that
    states two different answers, or none, has no vote. Of those that agree and whose sums all hold the shortest is written
    that shows a sum, and where none does, the shortest.

    Writes ``agreed_answer`` (what was agreed on), ``response`` (the text), ``n_agreed``, ``n_answers``.

    Reasons: ``too_few_answers`` (measured: answers with a vote; limit: ``k``), ``disagreed`` (measured: the largest number
    that agree; limit: ``k``; note: the votes), ``wrong_line`` (no text of those that agree has sums that hold).
    Cost: no call; the answers come from a step before.
    Source: "Self-Consistency Improves Chain of Thought Reasoning" (arXiv 2203.11171); requirement C17: maths made by a model
    is kept only if k independent answers agree. Differs: unclear answers have no vote, and the text that is kept is checked
    line by line.

    >>> Agreed(k=2).reads
    ('answer',)
    """

    k: int
    """Answers that must agree, 2 or more."""
    answer: str = "answer"
    """The children's field with the answer."""
    name: str = dataclasses.field(default="agreed", init=False)
    kind: Literal["group"] = dataclasses.field(default="group", init=False)
    reasons: tuple[str, ...] = dataclasses.field(
        default=("too_few_answers", "disagreed", "wrong_line"), init=False
    )
    writes: Mapping[str, FieldType] = dataclasses.field(
        default_factory=lambda: {
            "agreed_answer": "text",
            "response": "text",
            "n_agreed": "integer",
            "n_answers": "integer",
        },
        init=False,
    )

    def __post_init__(self) -> None:
        """Refuse a vote of one."""
        if self.k < 2:  # noqa: PLR2004 - one answer agrees with itself
            raise RecipeError(
                "answers agree where two or more say the same", got=f"k {self.k}", next="k: 2 or more"
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """What the children bring."""
        return (self.answer,)

    async def __call__(
        self, parent: Record, children: Sequence[Record], context: Context
    ) -> Mapping[str, Json] | Reject:
        """Count the votes."""
        del parent, context
        return elected([str(child[self.answer]) for child in children], self.k)


def elected(texts: Sequence[str], k: int) -> Mapping[str, Json] | Reject:
    """Return what at least ``k`` texts agree on, or why nothing is.

    >>> elected(["3 + 4 = 7\\n答え：7個", "The answer is 7.", "答え：8個"], 2)["agreed_answer"]
    '7'
    """
    votes: dict[str, list[str]] = {}
    for text in texts:
        vote = vote_of(text)
        if vote is not None:
            votes.setdefault(vote, []).append(text)
    n_votes = sum(map(len, votes.values()))
    if n_votes < k:
        return Reject("too_few_answers", n_votes, k, f"of {len(texts)} answers")
    ranked = sorted(votes, key=lambda vote: -len(votes[vote]))
    most = len(votes[ranked[0]])
    if most < k or (len(ranked) > 1 and len(votes[ranked[1]]) == most):
        note = "; ".join(f"{vote[:40]}: {len(votes[vote])}" for vote in ranked)
        return Reject("disagreed", most, k, note[:200])
    right = [text for text in votes[ranked[0]] if holds(text)]
    if not right:
        return Reject("wrong_line", 0, most, ranked[0][:80])
    return {
        "agreed_answer": ranked[0],
        "response": min(right, key=lambda text: (not any(find_claims(text)), len(text))),
        "n_agreed": most,
        "n_answers": len(texts),
    }


def vote_of(text: str) -> str | None:
    """Return what an answer comes to, None where it states nothing, or two different things.

    Words are an answer only where the text marks them as such; an unmarked last sentence counts where it says a number.

    >>> (
    ...     vote_of("答え：四分の三"),
    ...     vote_of("So it is \\\\boxed{0.75}."),
    ...     vote_of("The answer is 3. The answer is 4."),
    ... )
    ('3/4', '3/4', None)
    """
    votes = set()
    is_marked = marked_answer(text) is not None
    for said in stated_answers(text):
        value = value_said(said)
        if value is None and not is_marked:
            return None
        votes.add(bare_answer(said) if value is None else str(value))
    return votes.pop() if len(votes) == 1 and "" not in votes else None


def holds(text: str) -> bool:
    """Return whether every sum of a text is right.

    >>> holds("3 + 4 = 7"), holds("3 + 4 = 8")
    (True, False)
    """
    return not isinstance(CheckedLines("text")(Record("text", (1,), {"text": text})), Reject)
