"""Instructions for texts that people wrote: the text is the answer, a model writes what was asked, a second look curates.

For: instruction tuning with answers in human words (articles, guides, letters, essays of your own or openly licensed).
Source: "Self-Alignment with Instruction Backtranslation" (Humpback, arXiv 2308.06259): self-augmentation (§2.2) and
self-curation on a scale of 1 to 5 (§2.3, table 1), of which score 5 is kept.
Differs: a prompted model writes the instruction, where the paper fine-tunes one on 3,200 seed pairs; the instruction is
checked for language, length, words of the text and pointing at it; the score is read strictly; the iterations (train on what
was kept, rate again) are a matter of chained runs; rows are not marked with the paper's system prompt.
"""

from __future__ import annotations

from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.copied_run import CopiedRun
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.opening import Opening
from tanemaki.clean.filters.pointing import Pointing
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.clean.filters.unfilled import Unfilled
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.as_messages import AsMessages
from tanemaki.generate.ask import Ask
from tanemaki.generate.looking import Filter
from tanemaki.generate.rate import Rate

_MARKERS = {"ja": ("指示：", "依頼："), "en": ("Instruction:",)}
_SCORE = {"ja": "点数：", "en": "Score:"}
_INSTRUCTION_CHARS = {
    "ja": (8, 400),
    "en": (15, 800),
}  # one to three sentences; the upper ends only stop what ran away
_COPIED_LETTERS = {"ja": 20, "en": 45}  # half a sentence in either language: longer than titles and names


def build(language: str, *, keep_from: int = 5, chars_min: int = 100, chars_max: int = 4_000) -> Recipe:
    """Return the recipe; texts of ``chars_min`` to ``chars_max`` characters are taken, scores from ``keep_from`` kept."""
    if not 1 <= keep_from <= 5 or not 1 <= chars_min <= chars_max:  # noqa: PLR2004 - the scale of the paper
        raise SetupError(
            "scores go from 1 to 5, and texts from chars_min, 1 or more, up to chars_max",
            where="options",
            got=f"keep_from {keep_from}, chars_min {chars_min}, chars_max {chars_max}",
            next="e.g. keep_from: 4, chars_min: 100, chars_max: 4000",
        )
    return Recipe(
        needs=("text",),
        steps=(
            Length("text", min_chars=chars_min, max_chars=chars_max),
            Language("text", language),
            Repetition("text"),
            response,
            Ask(
                "instruction",
                of="writer",
                given=("text",),
                filters=_filters(language),
                sampling=Sampling(
                    temperature=0.7, top_p=0.9, max_tokens=512
                ),  # the paper's nucleus sampling (§3.1)
            ),
            Rate(
                "score",
                of="judge",
                given=("instruction", "response"),
                marker=_SCORE[language],
                keep_from=keep_from,
            ),
            AsMessages("messages", user="instruction", assistant="response"),
        ),
    )


def response(text: str) -> str:
    """Give the text as it is, byte for byte."""
    return text


def _filters(language: str) -> tuple[Filter, ...]:
    low, high = _INSTRUCTION_CHARS[language]
    return (
        Refusal("text", language),
        Boilerplate("text", language),
        Opening("text", _MARKERS[language]),
        Refusal("text", language),  # both behind the marker, too
        Boilerplate("text", language),
        Unfilled("text", language),
        Language("text", language),
        Length("text", min_chars=low, max_chars=high),
        Pointing("text", language),
        CopiedRun("text", of="response", letters=_COPIED_LETTERS[language]),
        NearCopy("text", of="examples"),
    )
