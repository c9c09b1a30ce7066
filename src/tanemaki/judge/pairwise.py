"""Which of two answers is better, asked once, in one order and under one pair of names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from tanemaki.core.judging import COMPARISON, Judge, Opinion, Scale
from tanemaki.core.model import Capability, Sampling
from tanemaki.core.prompt import show_value
from tanemaki.core.record import Json
from tanemaki.core.step import Context
from tanemaki.judge.asking import GREEDY, ask
from tanemaki.judge.token_probs import spread_at_verdict
from tanemaki.text.markdown import without_markdown
from tanemaki.text.verdicts import read_verdict

NAMES = ("A", "B")
"""Under which the answers are shown, in the order of the prompt, where the values do not say it."""
_ALTERNATIVES = (
    5  # of each token of a reply that may be long: A, B and C with room for two that are none of them
)


@dataclass(frozen=True, slots=True)
class Pairwise:
    """Compare two answers with one call: ``[[A]]``, ``[[B]]``, or ``[[C]]`` for a tie.

    One order alone says little of a judge with a liking for the first place: wrap it in
    :class:`~tanemaki.judge.both_orders.BothOrders`. The answers are called A and B in the order in which they are shown,
    unless the values ``first_name`` and ``second_name`` exchange the names.

    Scale: 0 to 1, 1 where the first is better, 0.5 for a tie.
    Reasons: ``cut``, ``empty``, ``no_verdict``, ``two_verdicts``: nothing that could not be read is ever a tie.
    Parts: ``said`` (the letter), ``legal_mass`` (0 to 1) with ``logprobs`` where the endpoint tells it.
    Cost: one call.
    Source: "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena" (arXiv 2306.05685, figures 5 and 8). Differs: the
    prompts are our own; a verdict that the judge copies of its prompt does not count; markdown can be taken off both
    answers before.

    >>> (
    ...     Pairwise().reads,
    ...     Pairwise(reference=True).prompts == {"pairwise_reference": Pairwise().slots | {"reference"}},
    ... )
    (('prompt', 'first', 'second'), True)
    """

    name: str = "pairwise"
    of: str = "judge"
    """The role that is asked."""
    reference: bool = False
    """A ``reference`` answer is shown, too; MT-Bench: for mathematics, reasoning and code."""
    plain: bool = False
    """Markdown signs are taken off both answers: style sways current judges more than place does (arXiv 2604.23178)."""
    logprobs: bool = False
    """Ask for log-probabilities, too: the part ``legal_mass`` then tells how probable A, B and C were together."""
    prompt: str = ""
    """Name of the prompt; empty for the shared one."""
    sampling: Sampling = GREEDY
    scale: Scale = field(default=COMPARISON, init=False)
    reasons: tuple[str, ...] = field(default=("cut", "empty", "no_verdict", "two_verdicts"), init=False)
    shows_names: ClassVar[bool] = True
    """The names can be exchanged."""

    @property
    def reads(self) -> tuple[str, ...]:
        """What it is given."""
        return ("prompt", "first", "second", *(("reference",) if self.reference else ()))

    @property
    def slots(self) -> frozenset[str]:
        """The slots of its prompt."""
        return frozenset({*self.reads, "first_name", "second_name"})

    @property
    def roles(self) -> Mapping[str, frozenset[Capability]]:
        """The role that it asks."""
        return {self.of: frozenset({"chat", "logprobs"} if self.logprobs else {"chat"})}

    @property
    def prompts(self) -> Mapping[str, frozenset[str]]:
        """The prompt that it renders, with its slots."""
        return {self._prompt: self.slots}

    @property
    def _prompt(self) -> str:
        return self.prompt or ("pairwise_reference" if self.reference else "pairwise")

    async def judge(self, values: Mapping[str, Json], context: Context, sample: int = 0) -> Opinion:
        """Ask once; give the verdict as a score."""
        shown = {"first_name": NAMES[0], "second_name": NAMES[1], **values}
        for side in ("first", "second"):
            text = show_value(values[side])
            shown[side] = without_markdown(text) if self.plain else text
        alternatives = _ALTERNATIVES if self.logprobs else None
        asked = await ask(
            *(context, self.of, self._prompt, shown),
            sampling=self.sampling,
            sample=sample,
            logprobs=alternatives,
        )
        reading = read_verdict(asked.reply.text, asked.shown)
        why = asked.unusable or reading.why
        if why is not None:
            return Opinion(None, why, asked.rationale)
        score = {str(shown["first_name"]): 1.0, str(shown["second_name"]): 0.0}.get(str(reading.value), 0.5)
        spread = (
            spread_at_verdict(asked.reply, str(reading.value), ("A", "B", "C")) if self.logprobs else None
        )
        mass = {"legal_mass": spread.legal_mass} if spread else {}
        return Opinion(score, rationale=asked.rationale, parts={"said": reading.value, **mass})


def compares(judge: Judge) -> bool:
    """Return whether a judge says which of two answers is better.

    >>> compares(Pairwise())
    True
    """
    return judge.scale == COMPARISON and {"first", "second"} <= set(judge.reads)


def winner_of(score: float) -> str:
    """Return what a comparison's score says: ``first``, ``second`` or ``tie``.

    >>> winner_of(1.0), winner_of(0.5), winner_of(0.2)
    ('first', 'tie', 'second')
    """
    return "tie" if score == 0.5 else "first" if score > 0.5 else "second"  # noqa: PLR2004 - COMPARISON's middle
