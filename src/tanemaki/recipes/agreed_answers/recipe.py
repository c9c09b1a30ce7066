"""Answers to questions of yours that several independent tries agree on, their sums checked line by line.

For: mathematics and other questions with a short answer that no solver knows: each is answered several times, and kept
only where enough tries end in the same answer and nothing they write out is wrong.
Source: "Self-Consistency Improves Chain of Thought Reasoning in Language Models" (arXiv 2203.11171).
Differs: answers are read as a reward reads them (fractions, kanji numerals, units), a try that states two answers or none
has no vote, a tie keeps nothing, and the text that is kept is the shortest of those that agree and whose sums all hold.
"""

from __future__ import annotations

from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.as_messages import AsMessages
from tanemaki.generate.several import AskSeveral, Complete
from tanemaki.verify.agreed import Agreed

_LEAST = 2  # one answer agrees with itself
_MOST = 40  # the paper samples 40 paths; beyond that its curves are flat
_SAMPLING = Sampling(temperature=0.7, max_tokens=1024)  # the paper, section 3.1: T 0.7 for the larger models


def build(language: str, *, answers: int = 5, agree: int = 3) -> Recipe:  # noqa: ARG001 - its prompts know the language
    """Return the recipe: each question is answered ``answers`` times, and at least ``agree`` must say the same."""
    if not _LEAST <= agree <= answers <= _MOST:
        raise SetupError(
            f"{_LEAST} or more answers must agree, of up to {_MOST}",
            where="options",
            got=f"answers {answers}, agree {agree}",
            next="e.g. answers: 5, agree: 3",
        )
    return Recipe(
        needs=("question",),
        steps=(
            AskSeveral("answer", of="writer", given=("question",), n=answers, sampling=_SAMPLING),
            Complete("answer"),
            Agreed(k=agree),
            AsMessages("messages", user="question", assistant="response"),
        ),
    )
