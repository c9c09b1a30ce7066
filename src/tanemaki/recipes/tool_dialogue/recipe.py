"""Dialogues in which an assistant uses tools: requests, calls checked by schema, results, and answers checked by them.

For: training tool use (function calling) in Japanese and English, with your own tools or the 36 that come along.
Source: "Gorilla" (arXiv 2305.15334) and "ToolLLM" (arXiv 2307.16789) write requests for given APIs; the kinds of rows follow
the Berkeley Function-Calling Leaderboard (one call, parallel ones, several steps, no fitting tool).
Differs: a missing argument, which must be asked for, is a kind of its own; the person never sees a tool's name; calls are
validated against their schema before they are run; numbers of an answer must stand in the results or follow from two of
them; the row tells which day it was, so that "tomorrow" can be understood.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from tanemaki.clean.filters.answer_label import AnswerLabel
from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.dialogue_marker import SpeaksForOther
from tanemaki.clean.filters.ending import Ending
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.opening import Opening
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.clean.filters.unfilled import Unfilled
from tanemaki.core.errors import SetupError, nearest
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.looking import Filter
from tanemaki.generate.tool_set import read_tools
from tanemaki.generate.use_tools import UseTools

_KINDS = ("single", "parallel", "steps", "missing", "none")
_MARKERS = {"ja": "頼みごと：", "en": "Request:"}
_SPEAKERS: dict[str, tuple[str, str]] = {"ja": ("相談者：", "回答者："), "en": ("Person: ", "Assistant: ")}
_PERSON_CHARS = {
    "ja": (5, 400),
    "en": (10, 800),
}  # the answer to what was asked back may be short: 駅前です。
_ANSWER_CHARS = {"ja": (8, 1500), "en": (15, 3000)}  # the upper ends only stop what ran away


def build(
    language: str,
    *,
    tools: str | None = None,
    functions: str | None = None,
    calls: Literal["tools", "json"] = "tools",
    kinds: tuple[str, ...] = (),
) -> Recipe:
    """Return the recipe.

    ``tools`` is a JSON or YAML file of your own tools (a list in OpenAI's form, or an OpenAPI description); ``functions`` a
    Python file whose functions have the tools' names and give the results, so that the role ``simulator`` is not asked;
    ``calls: json`` asks for calls as JSON, for a model without tools; ``kinds`` leaves only these kinds of rows.
    """
    for kind in kinds:
        if kind not in _KINDS:
            near = nearest(kind, _KINDS)
            raise SetupError(
                f"there is no kind of row {kind!r}",
                where="options.kinds",
                got=", ".join(_KINDS),
                next=f"did you mean {near!r}?" if near else "leave it out for all",
            )
    if functions is not None and not Path(functions).is_file():
        raise SetupError(
            "there is no Python file of functions", where="options.functions", got=repr(functions)
        )
    return Recipe(
        needs=("persona",),
        steps=(
            UseTools(
                "messages",
                simulator=None if functions else "simulator",
                own=read_tools(Path(tools)) if tools else (),
                functions=functions,
                form=calls,
                kinds=tuple(kinds),
                person_filters=_person_filters(language),
                answer_filters=_answer_filters(language),
                person_sampling=Sampling(temperature=0.8, max_tokens=512),
                answer_sampling=Sampling(temperature=0.2, max_tokens=1024),
                result_sampling=Sampling(temperature=0.7, max_tokens=1024),
                speakers=_SPEAKERS[language],
            ),
        ),
    )


def _person_filters(language: str) -> tuple[Filter, ...]:
    low, high = _PERSON_CHARS[language]
    return (
        Language("text", language),
        Opening("text", _MARKERS[language]),
        Boilerplate("text", language),
        Unfilled("text", language),
        SpeaksForOther("text", language, _SPEAKERS[language]),
        Length("text", min_chars=low, max_chars=high),
        NearCopy("text", of="examples"),
    )


def _answer_filters(language: str) -> tuple[Filter, ...]:
    low, high = _ANSWER_CHARS[language]
    return (
        AnswerLabel("text", language),
        Language("text", language),
        Boilerplate("text", language),
        Unfilled("text", language, alone=True),
        SpeaksForOther("text", language, _SPEAKERS[language]),
        Length("text", min_chars=low, max_chars=high),
        Ending("text"),
        Repetition("text"),
    )
