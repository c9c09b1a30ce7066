"""Rows for a task that a few sentences and short lists describe: dialogues, labelled texts, or inputs with outputs.

For: what no recipe of the catalogue makes; ``tanemaki wish`` writes the lists from one sentence, and anyone may write them.
Source: "Prompt2Model" (arXiv 2308.12261): worked examples shown, temperature 0.5 to 1.7 as the set grows,
several outputs of an input merged by majority. A system text of one's own for a set of rows: the Synthetic Data Generator of
the Hugging Face Hub.
Differs: topics, angles and readers are drawn from lists, so that rows spread without a growing pool; 1 to 10 examples come
from the lists and not from rows that were generated; an input and its output are two calls, so that only the input gets
hotter; a label is drawn beforehand, and a reader who does not know it must find it again; texts that say an earlier one once
more are dropped.
"""

from __future__ import annotations

from typing import Any, Literal

from tanemaki.clean.dedup.near_duplicate import NearDuplicate
from tanemaki.clean.dialogue import answer_filters
from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.dialogue_marker import SpeaksForOther
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.leak import SolutionLeak
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.opening import Opening
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.clean.filters.unfilled import Unfilled
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.brief import DrawBrief
from tanemaki.generate.dialogue import Dialogue, Plan
from tanemaki.generate.looking import Filter
from tanemaki.generate.own_label import ReadLabel, SameLabel
from tanemaki.generate.pick import PickNumber
from tanemaki.generate.voted_turn import VotedTurn
from tanemaki.recipes.briefs import check_settings, lists_of, tongues_of

_MARKS = {
    "ja": {
        "request": "発言：",
        "text": "本文：",
        "label": "ラベル：",
        "input": "入力：",
        "output": "出力：",
    },
    "en": {
        "request": "Message:",
        "text": "Text:",
        "label": "Label:",
        "input": "Input:",
        "output": "Output:",
    },
}
_SPEAKERS = {"ja": ("話す人：", "相手："), "en": ("Speaker: ", "Other: ")}
_FIRST_CHARS = {
    "ja": (6, 2000),
    "en": (12, 4000),
}  # a mail of a customer fits; the upper ends stop what ran away
_ANSWER_CHARS = {"ja": (4, 4000), "en": (8, 8000)}  # the same
_SHORT, _LONG = 512, 1024  # max_tokens: a message, a text
_STEADY = 0.7  # temperature of answers: ours; Prompt2Model heats input and output together


def build(
    language: str,
    *,
    form: Literal["dialogue", "labelled", "pairs"] = "dialogue",
    brief: dict[str, Any] | None = None,
    turns_min: int = 1,
    turns_max: int = 2,
    answers: int = 1,
    temperatures: list[float] | None = None,
    heated_over: int = 1000,
) -> Recipe:
    """Return the recipe. ``brief`` says what rows are about; without it they are those of the lists in ``data/``.

    ``answers`` is how often a label or an output is asked for; the majority is kept. ``temperatures`` are those of row 1 and
    of row ``heated_over`` (0.5 and 1.7, if left out).
    """
    coolest, hottest = check_settings(turns_min, turns_max, answers, temperatures, heated_over)
    plans = {
        "dialogue": _dialogue(language),
        "labelled": _labelled(language, answers),
        "pairs": _pairs(language, tongues_of(brief, language), answers),
    }
    first, second = _first(form), _second(form)

    def opening() -> list[str]:
        return []

    def said_first(messages: list[Any]) -> str:
        return str(messages[0]["content"])

    most = turns_max - 1 if form == "dialogue" else 0
    least = turns_min - 1 if form == "dialogue" else 0
    return Recipe(
        needs=("number",),
        steps=(
            DrawBrief(form, lists_of(brief, form), coolest=coolest, hottest=hottest, over=heated_over),
            PickNumber("follow_ups", low=least, high=most),
            opening,
            Dialogue("messages", plans=plans, by="form"),
            SameLabel(),
            said_first,
            NearDuplicate("said_first", by="trigrams"),
            *first,
            *second,
        ),
        hidden=_hidden(form),
    )


def _first(form: str) -> tuple[Any, ...]:
    """Return the step that writes the first text into a column of its own."""

    def text(messages: list[Any]) -> str:
        return str(messages[0]["content"])

    def input(messages: list[Any]) -> str:  # noqa: A001 - the column's name, as in Prompt2Model
        return str(messages[0]["content"])

    return {"dialogue": (), "labelled": (text,), "pairs": (input,)}[form]


def _second(form: str) -> tuple[Any, ...]:
    """Return the step that writes the output into a column of its own."""

    def output(messages: list[Any]) -> str:
        return str(messages[-1]["content"])

    return (output,) if form == "pairs" else ()


def _hidden(form: str) -> tuple[str, ...]:
    always = ("form", "role", "task", "rules", "meaning", "labels", "label_list", "shown", "shown_inputs")
    beside = () if form == "dialogue" else ("follow_ups",)
    label = () if form == "labelled" else ("label",)
    return (*always, "temperature", "opening", "said_first", *beside, *label)


def _dialogue(language: str) -> Plan:
    filters = (
        Refusal("text", language),
        *_opened(language, "request"),
        Refusal("text", language),
        Boilerplate("text", language),
        Unfilled("text", language),
        SpeaksForOther("text", language, _SPEAKERS[language]),
        SolutionLeak("text", language, action="cut", min_chars=_FIRST_CHARS[language][0]),
        *_sound(language, _FIRST_CHARS),
        NearCopy("text", of="earlier"),
    )
    ask = VotedTurn(
        "request",
        "user",
        of="writer",
        given=("role", "task", "rules", "reader", "shown", "topic", "angle"),
        history="none",
        filters=filters,
        sampling=Sampling(max_tokens=_SHORT),
        heat="temperature",
        apart_from="shown_inputs",
    )
    ask_on = VotedTurn(
        "follow_up",
        "user",
        of="writer",
        given=("task", "reader", "topic"),
        history="shown",
        speakers=_SPEAKERS[language],
        filters=filters,
        sampling=Sampling(temperature=_STEADY, max_tokens=_SHORT),
    )
    answer = VotedTurn(
        "answer",
        "assistant",
        of="writer",
        given=("role", "reader", "task", "rules"),
        filters=answer_filters(language, _ANSWER_CHARS[language], _SPEAKERS[language]),
        sampling=Sampling(temperature=_STEADY, max_tokens=_LONG),
    )
    return Plan(first=(ask, answer), then=(ask_on, answer))


def _labelled(language: str, answers: int) -> Plan:
    text = VotedTurn(
        "text",
        "user",
        of="writer",
        given=("task", "reader", "rules", "label_list", "label", "meaning", "shown", "topic", "angle"),
        history="none",
        filters=(*_opened(language, "text"), *_sound(language, _FIRST_CHARS)),
        sampling=Sampling(max_tokens=_LONG),
        heat="temperature",
        apart_from="shown_inputs",
    )
    label = VotedTurn(
        "label",
        "assistant",
        of="writer",
        given=("task", "label_list"),
        history="shown",
        shown_as="asked",
        speakers=("", ""),
        filters=(ReadLabel("text", _MARKS[language]["label"], of="labels"),),
        sampling=Sampling(temperature=_STEADY if answers > 1 else 0.0, max_tokens=_SHORT),
        answers=answers,
    )
    return Plan(first=(text, label), then=())


def _pairs(language: str, tongues: tuple[str, ...], answers: int) -> Plan:
    given = VotedTurn(
        "input",
        "user",
        of="writer",
        given=("task", "reader", "rules", "shown", "topic", "angle"),
        history="none",
        filters=(*_opened(tongues[0], "input", language), *_sound(language, {language: (1, 4000)})),
        sampling=Sampling(max_tokens=_LONG),
        heat="temperature",
        apart_from="shown_inputs",
    )
    output = VotedTurn(
        "output",
        "assistant",
        of="writer",
        given=("role", "task", "rules", "shown"),
        history="shown",
        shown_as="asked",
        speakers=("", ""),
        filters=(
            *_opened(tongues[1], "output", language),
            Length("text", min_chars=1, max_chars=8000),
            Repetition("text"),
        ),
        sampling=Sampling(temperature=_STEADY if answers > 1 else 0.0, max_tokens=_LONG),
        answers=answers,
    )
    return Plan(first=(given, output), then=())


def _opened(tongue: str, mark: str, language: str | None = None) -> tuple[Filter, ...]:
    """Return what looks at the marker, and at the language unless any is right."""
    spoken = () if tongue == "any" else (Language("text", tongue),)
    return (*spoken, Opening("text", (_MARKS[language or tongue][mark],)))


def _sound(language: str, chars: dict[str, tuple[int, int]]) -> tuple[Filter, ...]:
    low, high = chars[language]
    return (
        Length("text", min_chars=low, max_chars=high),
        Repetition("text"),
        NearCopy("text", of="examples"),
    )
