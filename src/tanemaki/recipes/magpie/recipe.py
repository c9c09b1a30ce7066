"""Instructions that a chat model writes out of nothing, answered by it, in one turn or several.

For: instruction tuning; what the users of a model ask, in the breadth that the model itself has learnt.
Source: "Magpie" (arXiv 2406.08464; the code and settings of magpie-align/magpie) and "Magpie on Tanuki-8B".
Differs: the users' language is named in the system text; an instruction is looked
at before its answer is paid, and rejected by name; the nearest neighbour is found by letters among earlier rows, and rows
that differ in numbers, negation or names are kept; nothing is chosen by its length; every call has its own seed; tags are
the recipe ``tag``'s.
"""

from __future__ import annotations

from typing import Literal

from tanemaki.clean.dedup.nearest import NearestNeighbour
from tanemaki.clean.filters.answer_label import AnswerLabel
from tanemaki.clean.filters.assistant_opening import AssistantOpening
from tanemaki.clean.filters.boilerplate import Boilerplate
from tanemaki.clean.filters.content import Content
from tanemaki.clean.filters.dialogue_marker import SpeaksForOther
from tanemaki.clean.filters.ending import Ending
from tanemaki.clean.filters.heading import Heading
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.leak import SolutionLeak
from tanemaki.clean.filters.length import Length
from tanemaki.clean.filters.near_copy import NearCopy
from tanemaki.clean.filters.refusal import Refusal
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.clean.filters.task_label import TaskLabel
from tanemaki.clean.filters.unfilled import Unfilled
from tanemaki.core.errors import SetupError, nearest
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe
from tanemaki.generate.exchange import Exchange
from tanemaki.generate.looking import Filter
from tanemaki.generate.pick import Pick
from tanemaki.generate.pre_query import PreQuery
from tanemaki.generate.template_file import find_template
from tanemaki.text.chat_template import ChatTemplate

PLAIN = "plain"
DOMAINS = (
    PLAIN,
    "general",
    "code",
    "maths",
    "translation",
    "role_play",
    "writing",
    "reasoning",
    "data",
    "everyday",
)
STOPS = {"newline": ("\n",), "blank_line": ("\n\n",), "end_of_turn": ()}
_INSTRUCTION_CHARS = {
    "ja": (8, 1_000),
    "en": (15, 2_000),
}  # a line ends them; the upper ends stop what ran away
_ANSWER_CHARS = {"ja": (2, 8_000), "en": (2, 16_000)}  # "4" is no answer to keep, 「はい」 may be one


def build(  # noqa: PLR0913 - the options of the recipe
    language: str,
    *,
    template: str = "chatml",
    bos: Literal["server", "text"] = "server",
    domains: list[str] | None = None,
    turns: int = 1,
    stop: Literal["newline", "blank_line", "end_of_turn"] = "newline",
    follow_up_opening: str = "",
    answers_by: Literal["writer", "responder"] = "writer",
    instruction_temperature: float = 1.0,
    instruction_top_p: float = 1.0,
    instruction_max_tokens: int = 512,
    response_temperature: float = 0.0,
    response_top_p: float = 1.0,
    response_max_tokens: int = 2048,
    max_distance: float = 0.05,
) -> Recipe:
    """Return the recipe. ``template`` is a known template's name, or the path of a model's own file."""
    found = find_template(template)
    if turns < 1:
        raise SetupError(
            "a dialogue has at least one turn", where="options.turns", got=str(turns), next="turns: 1"
        )
    wanted = _domains(found, domains)
    with_bos = bos == "text"
    asks = Sampling(
        temperature=instruction_temperature, top_p=instruction_top_p, max_tokens=instruction_max_tokens
    )
    answers = Sampling(temperature=response_temperature, top_p=response_top_p, max_tokens=response_max_tokens)

    def wanted_domains() -> str:
        return wanted

    return Recipe(
        steps=(
            wanted_domains,
            Pick("domain", table="domains", also={"system": "system"}, where={"domain": "wanted_domains"}),
            PreQuery(
                "instruction",
                of="writer",
                template=found,
                system="system",
                stops=STOPS[stop],
                with_bos=with_bos,
                filters=_instruction_filters(language),
                sampling=asks,
            ),
            NearestNeighbour("instruction", max_distance=max_distance),
            Exchange(
                "messages",
                of="writer",
                template=found,
                opening="instruction",
                turns=turns,
                answers_of="responder" if answers_by == "responder" else None,
                follow_up_opening=follow_up_opening,
                stops=STOPS[stop],
                with_bos=with_bos,
                question_filters=(*_instruction_filters(language), NearCopy("text", of="earlier")),
                answer_filters=_answer_filters(language),
                question_sampling=asks,
                answer_sampling=answers,
            ),
        ),
        hidden=("wanted_domains", "system"),
    )


def _domains(template: ChatTemplate, wanted: list[str] | None) -> str:
    """Return the wanted domains as ``Pick`` takes them; without a place for a system text there is only the plain one."""
    if wanted is None:
        return "*" if template.has_system else PLAIN
    for name in wanted:
        if name not in DOMAINS:
            near = nearest(name, DOMAINS)
            raise SetupError(
                f"there is no domain {name!r}",
                where="options.domains",
                got=f"known: {', '.join(DOMAINS)}",
                next=f"did you mean {near!r}?" if near else "name some of these",
            )
    if not template.has_system and wanted != [PLAIN]:
        raise SetupError(
            f"the chat template {template.name!r} has no place for the system text of a domain",
            where="options.domains",
            got=", ".join(wanted),
            next=f"domains: [{PLAIN}]",
        )
    return " ".join(wanted)


def _instruction_filters(language: str) -> tuple[Filter, ...]:
    low, high = _INSTRUCTION_CHARS[language]
    return (
        TaskLabel("text", language),
        Refusal("text", language),
        AssistantOpening("text", language),
        Boilerplate("text", language),
        SpeaksForOther("text", language),
        SolutionLeak("text", language, action="cut", min_chars=low),
        Language("text", language),
        Content("text", signs=False),
        Ending("text"),
        Heading("text"),
        Unfilled("text", language),
        Length("text", min_chars=low, max_chars=high),
        Repetition("text"),
    )


def _answer_filters(language: str) -> tuple[Filter, ...]:
    low, high = _ANSWER_CHARS[language]
    return (
        AnswerLabel("text", language),
        Refusal("text", language),
        SpeaksForOther("text", language),
        Language("text", language),
        Unfilled("text", language, alone=True),
        Ending("text"),
        Length("text", min_chars=low, max_chars=high),
        Repetition("text"),
        NearCopy("text", of="earlier"),
    )
