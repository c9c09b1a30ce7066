"""Problems and answers for every unit of the school curriculum, for seventeen kinds of readers, in nineteen forms.

For: broad and even coverage of school knowledge; rows in JSON, YAML and CSV that really parse.
Source: Tanuki's method B (random keywords, genres and curriculum units).
Differs: units come in turn, each once before any twice, so that no unit stays without rows; readers and forms are drawn per
row by weight, readers only where the unit's grade suits them; forms with a format order are checked, and only obeyed
answers are kept; one genre a row, not three of 600 lines that need not go together.
"""

from __future__ import annotations

import json
from typing import Any

from tanemaki.clean.filters.answer_label import AnswerLabel
from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.leak import SolutionLeak
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.opening import Opening
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.clean.filters.unfilled import Unfilled
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.core.seeding import Draw
from tanemaki.generate.as_messages import AsMessages
from tanemaki.generate.ask import Ask
from tanemaki.generate.ask_repair import AskRepair
from tanemaki.generate.looking import Filter
from tanemaki.generate.pick import Pick
from tanemaki.generate.pick_in_turn import PickInTurn
from tanemaki.verify.obeys import Obeys

_MARKERS = {"ja": ("問題：",), "en": ("Problem:",)}
_QUESTION_CHARS = {
    "ja": (12, 600),
    "en": (25, 1200),
}  # a scene and four choices; the upper ends stop what ran away
_NO_NUMBERS, _BETWEEN = {"ja": "なし", "en": "none"}, {"ja": "、", "en": ", "}


def build(language: str, *, numbers_share: float = 0.5, repair: bool = False, shuffle: int = 0) -> Recipe:
    """Return the recipe.

    ``numbers_share`` of the rows are given 1 to 5 numbers from 1 to 100; ``repair`` sends an answer back once that breaks
    its form; ``shuffle`` is another order of the units.
    """
    if not 0 <= numbers_share <= 1:
        raise SetupError(
            "the share of rows with numbers goes from 0 to 1",
            where="options.numbers_share",
            got=repr(numbers_share),
            next="e.g. numbers_share: 0.5",
        )

    def numbers(*, draw: Draw) -> str:
        if draw.uniform() >= numbers_share:
            return _NO_NUMBERS[language]
        return _BETWEEN[language].join(str(draw.between(1, 100)) for _ in range(draw.between(1, 5)))

    def constraints(checks: str) -> list[Any]:
        found: list[Any] = json.loads(checks)
        return found

    return Recipe(
        needs=("number",),
        steps=(
            PickInTurn(
                "unit",
                table="units",
                also={"subject": "subject", "grade": "grade", "keywords": "keywords"},
                shuffle=shuffle,
            ),
            Pick("level", table="levels", where={"grades": "grade"}),
            Pick(
                "format",
                table="formats",
                also={"task": "task", "answer_form": "answer_form", "constraints": "checks"},
            ),
            constraints,
            numbers,
            Ask(
                "question",
                of="writer",
                given=("subject", "grade", "unit", "keywords", "level", "task", "numbers"),
                filters=_question_filters(language),
                sampling=Sampling(temperature=1.0, max_tokens=1024),  # Tanuki's method B
            ),
            AskRepair(
                "answer",
                of="writer",
                given=("question", "level", "answer_form"),
                filters=(
                    AnswerLabel("answer", language),
                    Refusal("answer", language),
                    Boilerplate("answer", language),
                    Unfilled("answer", language, alone=True),
                ),
                check=Obeys("answer", language, families=("form", "list", "length")),
                repair=repair,
                sampling=Sampling(temperature=0.1, max_tokens=2048),  # Tanuki's method B
            ),
            request,
            AsMessages("messages", user="request", assistant="answer"),
        ),
        hidden=("checks", "task", "answer_form", "request"),
    )


def request(question: str, answer_form: str, constraints: list[Any]) -> str:
    """Give what the user says: the problem, and the form of the answer where it is checked."""
    return f"{question}\n\n{answer_form}" if constraints else question


def _question_filters(language: str) -> tuple[Filter, ...]:
    low, high = _QUESTION_CHARS[language]
    return (
        Refusal("text", language),
        Language("text", language),
        Opening("text", _MARKERS[language]),
        Refusal("text", language),  # behind the marker, too
        Boilerplate("text", language),
        Unfilled("text", language),
        SolutionLeak("text", language, action="cut", min_chars=low),
        Length("text", min_chars=low, max_chars=high),
        Repetition("text"),
        NearCopy("text", of="examples"),
    )
