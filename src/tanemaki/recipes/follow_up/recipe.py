"""Dialogues that go on: an instruction, its answer, and follow-ups from stated sides, checked from turn to turn.

For: multi-turn instruction tuning; lengthening single-turn sets; debates; learning to verify a solution.
Source: the Tanuki project's multi-turn sets (instruction, answer, follow-up, answer; debates of jobs and characters; twelve
verification follow-ups), and the third call of its verified logic and code data.
Differs: every call holds its own row's whole history (or as much as ``history_turns`` says); turns, jobs, characters,
moves, stances and styles are drawn per row; a bad turn rejects the row by name, so that no truncated talk is kept;
follow-ups must share a subject with what came before and point at something that was said, and answers may not change
their own numbers. Answers are asked at temperature 0.1 as there (the debate's users at 0.7, its answers at 0.01); ``top_k``
50 and ``repetition_penalty`` 1.2 are left to the run file, because hosted endpoints refuse them; ``max_tokens`` is 2,048
and not 1,024, so that a long Japanese answer ends by itself. No single letter is counted: loops, sentences and runs are.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

from tanemaki.clean.filters.answer_label import AnswerLabel
from tanemaki.clean.filters.antecedent import Antecedent
from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.dialogue_marker import SpeaksForOther
from tanemaki.clean.filters.ending import Ending
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.leak import SolutionLeak
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.off_topic import OnTopic
from tanemaki.clean.filters.opening import Opening
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.clean.filters.same_numbers import SameNumbers
from tanemaki.clean.filters.several_questions import SeveralQuestions
from tanemaki.clean.filters.unfilled import Unfilled
from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.core.seeding import Draw
from tanemaki.generate.dialogue import Dialogue, Plan
from tanemaki.generate.looking import Filter
from tanemaki.generate.open_with import OpenWith
from tanemaki.generate.pick import PickNumber
from tanemaki.generate.turns import Turn

_MARKERS = {
    "ja": {"question": "質問：", "problem": "問題：", "speech": "発言："},
    "en": {"question": "Question:", "problem": "Problem:", "speech": "Speech:"},
}
_SPEAKERS = {"ja": ("相談者：", "回答者："), "en": ("Person: ", "Assistant: ")}
_SIDES = {"ja": ("賛成側：", "反対側："), "en": ("For: ", "Against: ")}
_USER_CHARS = {"ja": (8, 600), "en": (15, 1200)}  # a request may bring the text that is to be rewritten
_ANSWER_CHARS = {
    "ja": (10, 6000),
    "en": (20, 12_000),
}  # 10 is the source's; the upper ends only stop what ran away
_ASKS = Sampling(temperature=0.7, max_tokens=1024)  # the source's temperature of the debate's users
_ANSWERS = Sampling(temperature=0.1, max_tokens=2048)  # the source's temperature
_COUNTERS = Sampling(temperature=0.01, max_tokens=1024)  # the source's temperature of the debate's answers

Variant = Literal["talk", "debate", "verify", "mixed"]


def build(
    language: str,
    *,
    variant: Variant = "talk",
    first: Literal["persona", "instruction", "pair", "messages"] = "persona",
    follow_ups_min: int = 1,
    follow_ups_max: int = 2,
    history_turns: int | None = None,
) -> Recipe:
    """Return the recipe.

    ``first`` says what the source brings along (``OpenWith``); the number of follow-ups is drawn per row, both ends
    inclusive; ``history_turns`` is how many exchanges a turn is shown, None all. With ``messages`` the longer dialogue is
    written to ``dialogue``, because the source's column stays as it is.
    """
    if not 1 <= follow_ups_min <= follow_ups_max or (history_turns is not None and history_turns < 1):
        raise SetupError(
            "the number of follow-ups goes from follow_ups_min, 1 or more, up to follow_ups_max; history_turns is 1 or more",
            where="options",
            got=f"follow_ups_min {follow_ups_min}, follow_ups_max {follow_ups_max}, history_turns {history_turns}",
            next="e.g. follow_ups_min: 1, follow_ups_max: 3, history_turns: null",
        )
    return Recipe(
        needs={"pair": ("instruction", "output")}.get(first, (first,)),
        steps=(
            OpenWith("opening", first=first),
            _variant_of(variant),
            PickNumber("follow_ups", low=follow_ups_min, high=follow_ups_max),
            Dialogue(
                "dialogue" if first == "messages" else "messages", plans=_plans(language, history_turns)
            ),
        ),
        hidden=("opening", "asker"),
    )


def _variant_of(wanted: Variant) -> Callable[..., str]:
    def variant(*, draw: Draw) -> str:
        """Which plan the row follows; of the three, each as likely, for ``mixed``."""
        return draw.choose(("talk", "debate", "verify")) if wanted == "mixed" else wanted

    return variant


def _plans(language: str, history_turns: int | None) -> dict[str, Plan]:
    """Return the three plans: who speaks when, by which prompt, shown what, sampled how, judged by what."""
    back = None if history_turns is None else 2 * history_turns
    before = None if back is None else back + 1  # who answers is shown the question besides
    asks = partial(Turn, side="user", of="writer", sampling=_ASKS, speakers=_SPEAKERS[language], last=back)
    argues = partial(asks, speakers=_SIDES[language], filters=_speech_filters(language))
    answers = partial(
        Turn,
        side="assistant",
        of="writer",
        sampling=_ANSWERS,
        filters=_answer_filters(language, _SPEAKERS[language]),
        last=before,
    )
    opens, goes_on = _user_filters(language, "question"), _user_filters(language, "question", follows=True)
    answer = answers("answer", draws={"style": "styles"})
    counter = answers(
        "counter",
        given=("assistant_job", "assistant_character"),
        draws={"move": "moves"},
        sampling=_COUNTERS,
        filters=_answer_filters(language, _SIDES[language]),
    )
    solution = answers("solution")
    speaker = ("user_job", "user_character")
    return {
        "talk": Plan(
            first=(asks("question", given=("asker", "subject"), history="none", filters=opens), answer),
            then=(asks("follow_up", draws={"stance": "stances"}, history="shown", filters=goes_on), answer),
            cast={"subject": "tasks.subject"},
        ),
        "debate": Plan(
            first=(argues("claim", given=("subject", *speaker), history="none"), counter),
            then=(argues("argue", given=speaker, draws={"move": "moves"}, history="shown"), counter),
            cast={
                "subject": "motions.subject",
                "user_job": "jobs.job",
                "user_character": "characters.character",
                "assistant_job": "jobs.job",
                "assistant_character": "characters.character",
            },
        ),
        "verify": Plan(
            first=(
                asks(
                    "problem", given=("subject",), history="none", filters=_user_filters(language, "problem")
                ),
                solution,
            ),
            then=(asks("check", draws={"stance": "checks"}, history="shown", filters=goes_on), solution),
            cast={"subject": "problems.subject"},
        ),
    }


def _user_filters(language: str, marker: str, *, follows: bool = False) -> tuple[Filter, ...]:
    low, high = _USER_CHARS[language]
    return (
        Refusal("text", language),
        Language("text", language),
        Opening("text", _MARKERS[language][marker]),
        Refusal("text", language),  # behind the marker, too
        Boilerplate("text", language),
        Unfilled("text", language),
        SpeaksForOther("text", language, _SPEAKERS[language]),
        SolutionLeak("text", language, action="cut", min_chars=low),
        SeveralQuestions("text", language),
        Length("text", min_chars=low, max_chars=high),
        Repetition("text"),
        NearCopy("text", of="earlier"),
        NearCopy("text", of="examples"),
        Antecedent("text", of="earlier", language=language),
        *((OnTopic("text", of="earlier", language=language),) if follows else ()),
    )


def _speech_filters(language: str) -> tuple[Filter, ...]:
    return (
        Refusal("text", language),
        Language("text", language),
        Opening("text", _MARKERS[language]["speech"]),
        Refusal("text", language),
        Boilerplate("text", language),
        *_spoken(language, _SIDES[language]),
        NearCopy("text", of="examples"),
    )


def _answer_filters(language: str, speakers: tuple[str, str]) -> tuple[Filter, ...]:
    return (
        AnswerLabel("text", language),
        Refusal("text", language),
        Language("text", language),
        Boilerplate("text", language),
        Unfilled("text", language, alone=True),
        *_spoken(language, speakers),
    )


def _spoken(language: str, speakers: tuple[str, str]) -> tuple[Filter, ...]:
    low, high = _ANSWER_CHARS[language]
    return (
        SpeaksForOther("text", language, speakers),
        Length("text", min_chars=low, max_chars=high),
        Ending("text"),
        Repetition("text"),
        NearCopy("text", of="earlier"),
        SameNumbers("text", of="earlier", language=language),
    )
