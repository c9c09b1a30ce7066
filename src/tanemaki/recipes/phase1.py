"""The guards of the five recipes that make instruction data out of nothing but questions, words or texts.

They are reanswer, similar_question, keyword_question, text_qa and template_fill.
One place, so that all five mean the same by a question, by an answer, and by topics about which models make things up.
"""

from __future__ import annotations

from collections.abc import Sequence

from tanemaki.clean.filters.answer_label import AnswerLabel
from tanemaki.clean.filters.apology import Apology
from tanemaki.clean.filters.avoid_topics import KINDS, AvoidTopics
from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.ending import Ending
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.leak import SolutionLeak
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.opening import Opening
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.clean.filters.task_label import TaskLabel
from tanemaki.clean.filters.unfilled import Unfilled
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.generate.ask_repair import Check
from tanemaki.generate.looking import Filter
from tanemaki.recipes.options import chosen

QUESTION_SAMPLING = Sampling(temperature=1.0, top_p=0.95, max_tokens=768)  # questions should differ
ANSWER_SAMPLING = Sampling(
    temperature=0.3, max_tokens=2048
)  # answers should be right; the run file's goes before it
_QUESTION_MARKERS = {"ja": ("質問：", "問題："), "en": ("Question:", "Problem:")}
_QUESTION_CHARS = {"ja": (8, 600), "en": (15, 1200)}  # a line up to a short text to work on
MIN_ANSWER_CHARS = 10  # Tanuki's selection keeps answers of ten or more
_MAX_ANSWER_CHARS = {"ja": 3000, "en": 6000}  # what 2048 tokens hold, about; it stops what ran away


def question_filters(language: str) -> tuple[Filter, ...]:
    """Return the filters of a question that a model wrote; they see ``text`` and ``examples``, and take labels off."""
    low, high = _QUESTION_CHARS[language]
    return (
        Refusal("text", language),
        Language("text", language),
        Opening("text", _QUESTION_MARKERS[language]),
        TaskLabel("text", language),
        Boilerplate("text", language),
        Unfilled("text", language),
        SolutionLeak("text", language, action="reject"),
        Length("text", min_chars=low, max_chars=high),
        Repetition("text"),
        NearCopy("text", of="examples"),
    )


def answer_filters(
    language: str,
    *,
    field: str = "text",
    asked: str = "asked",
    chars_max: int | None = None,
    prose: bool = True,
) -> tuple[Check, ...]:
    """Return the filters of an answer in ``field`` to the question in ``asked``; ``chars_max`` None is the recipes' own.

    Without ``prose`` neither language nor repetition is looked at: in JSON and tables that is the business of the form, and
    lines of data may well come again.
    Raises ``SetupError`` for a limit below ten characters, which would leave nothing.
    """
    if chars_max is not None and chars_max < MIN_ANSWER_CHARS:
        raise SetupError(
            f"an answer has at least {MIN_ANSWER_CHARS} characters",
            where="options.answer_chars_max",
            got=repr(chars_max),
            next=f"{MIN_ANSWER_CHARS} or more, or leave it out",
        )
    most = _MAX_ANSWER_CHARS[language] if chars_max is None else chars_max
    return (
        AnswerLabel(field, language),
        Refusal(field, language),
        Apology(field, language, asked=asked),
        *((Language(field, language),) if prose else ()),
        Boilerplate(field, language),
        Unfilled(field, language, alone=True),
        Length(field, min_chars=MIN_ANSWER_CHARS, max_chars=most),
        Ending(field),
        *((Repetition(field),) if prose else ()),
    )


def avoid(field: str, language: str, topics: Sequence[str]) -> tuple[AvoidTopics, ...]:
    """Return the filter of questions about these topics, none where there are none.

    Raises ``SetupError`` for a topic that is not known, with the nearest right one.

    >>> avoid("question", "ja", ())
    ()
    """
    if not topics:
        return ()
    return (AvoidTopics(field, language, tuple(chosen("avoid_topics", topics, KINDS).split())),)


def share(option: str, value: float) -> float:
    """Return a share of rows. Raises ``SetupError`` for one outside 0 to 1."""
    if not 0 <= value <= 1:
        raise SetupError(
            f"{option} is a share of the rows", where=f"options.{option}", got=repr(value), next="0 to 1"
        )
    return value
