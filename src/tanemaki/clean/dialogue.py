"""The filters that the turns of a dialogue pass, in the order in which they tell most: a question's, and an answer's.

Recipes that write dialogues share them, so that a question means the same in each. They judge one turn at a time: a record
with ``text``, ``earlier`` and ``examples``, as :class:`tanemaki.generate.turns.Turn` makes it.
"""

from __future__ import annotations

from tanemaki.clean.filters.answer_label import AnswerLabel
from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.dialogue_marker import SpeaksForOther
from tanemaki.clean.filters.ending import Ending
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.leak import SolutionLeak
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.opening import Opening
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.clean.filters.several_questions import SeveralQuestions
from tanemaki.clean.filters.unfilled import Unfilled

QuestionFilter = (
    Refusal
    | Language
    | Opening
    | Boilerplate
    | Unfilled
    | SpeaksForOther
    | SolutionLeak
    | SeveralQuestions
    | Length
    | Repetition
    | NearCopy
)
AnswerFilter = (
    AnswerLabel
    | Refusal
    | Language
    | Boilerplate
    | SpeaksForOther
    | Unfilled
    | Length
    | Ending
    | Repetition
    | NearCopy
)


def question_filters(
    language: str, markers: tuple[str, ...], chars: tuple[int, int], speakers: tuple[str, ...]
) -> tuple[QuestionFilter, ...]:
    """Return what a question must pass: its opening marker comes off, and a solution that it brings along is cut.

    ``chars`` are the fewest and the most characters, ``speakers`` the labels by which the prompts show the dialogue. A
    refusal is looked for with its marker and without, talk about the question behind it.

    >>> [type(one).__name__ for one in question_filters("ja", ("質問：",), (8, 300), ("相談者：",))][:3]
    ['Refusal', 'Language', 'Opening']
    """
    low, high = chars
    return (
        Refusal("text", language),
        Language("text", language),
        Opening("text", markers),
        Refusal("text", language),
        Boilerplate("text", language),
        SpeaksForOther("text", language, speakers),
        Unfilled("text", language),
        SolutionLeak("text", language, action="cut", min_chars=low),
        SeveralQuestions("text", language),
        Length("text", min_chars=low, max_chars=high),
        Repetition("text"),
        NearCopy("text", of="earlier"),
        NearCopy("text", of="examples"),
    )


def answer_filters(
    language: str, chars: tuple[int, int], speakers: tuple[str, ...]
) -> tuple[AnswerFilter, ...]:
    """Return what an answer must pass; ``chars`` and ``speakers`` as in :func:`question_filters`.

    >>> answer_filters("ja", (15, 4000), ("相談者：", "回答者："))[6].max_chars
    4000
    """
    low, high = chars
    return (
        AnswerLabel("text", language),
        Refusal("text", language),
        Language("text", language),
        Boilerplate("text", language),
        SpeaksForOther("text", language, speakers),
        Unfilled("text", language, alone=True),
        Length("text", min_chars=low, max_chars=high),
        Ending("text"),
        Repetition("text"),
        NearCopy("text", of="earlier"),
    )
