"""Dialogues of two instructions and two responses, written in one call as a form that is filled in.

For: short two-turn dialogues at the price of one call, for many topics and kinds of work.
Source: Tanuki's automatic instruction data (template filling: instruction 1, response 1, instruction 2, response 2).
Differs: topic and kind of work are drawn by weight from tables, or given by the rows; the form is read strictly, and every
part of it is looked at by itself.
"""

from __future__ import annotations

from typing import Literal

from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.leak import SolutionLeak
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.unfilled import Unfilled
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.fill_template import FillTemplate
from tanemaki.generate.looking import Filter
from tanemaki.generate.pick import Pick
from tanemaki.recipes.phase1 import answer_filters, avoid

_PARTS = {
    "ja": {
        "instruction_1": ("指示1",),
        "response_1": ("応答1",),
        "instruction_2": ("指示2",),
        "response_2": ("応答2",),
    },
    "en": {
        "instruction_1": ("Instruction 1",),
        "response_1": ("Response 1",),
        "instruction_2": ("Instruction 2",),
        "response_2": ("Response 2",),
    },
}
_INSTRUCTION_CHARS = {"ja": 6, "en": 12}  # "もっと短く。" has six


def build(
    language: str,
    *,
    topics: Literal["table", "column"] = "table",
    response_chars_max: int = 2000,
    avoid_topics: tuple[str, ...] = (),
) -> Recipe:
    """Return the recipe; with ``topics: column`` each row brings its own ``topic``.

    ``response_chars_max`` is the most characters of a part; ``avoid_topics`` leaves out dialogues whose instructions are
    about places, culture or dates.
    """
    drawn = topics == "table"
    said = answer_filters(
        language, chars_max=response_chars_max
    )  # first: it refuses a limit that nothing can meet
    step = FillTemplate(
        "messages",
        of="writer",
        given=("topic", "task", "second"),
        parts=_PARTS[language],
        asked_filters=_instruction_filters(language, response_chars_max),
        said_filters=(*said, NearCopy("text", of="earlier")),
        sampling=Sampling(temperature=0.8, top_p=0.95, max_tokens=2048),
    )
    return Recipe(
        needs=("number",) if drawn else ("topic",),
        steps=(
            *((Pick("topic", table="topics"),) if drawn else ()),
            Pick("task", table="tasks"),
            Pick("second", table="seconds"),
            step,
            *avoid("messages", language, avoid_topics),
        ),
    )


def _instruction_filters(language: str, chars_max: int) -> tuple[Filter, ...]:
    return (
        Refusal("text", language),
        Language("text", language),
        Length("text", min_chars=_INSTRUCTION_CHARS[language], max_chars=chars_max),
        Boilerplate("text", language),
        Unfilled("text", language),
        SolutionLeak("text", language, action="reject"),
        NearCopy("text", of="earlier"),
        NearCopy("text", of="examples"),
    )
