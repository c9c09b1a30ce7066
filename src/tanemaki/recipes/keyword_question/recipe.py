"""Problems and answers from a keyword: a drawn word, something to do with numbers or words, a form that a program can check.

For: short exercises in following instructions on small material; answers in JSON, YAML, CSV, tab-separated and other forms.
Source: Tanuki's automatic instruction data (random nouns with random numbers and formats; about ninety commands that work on
numbers and texts; paraphrases with limits on characters).
Differs: word, command, material and form are columns, drawn by weight; the problem must hold the whole material; the form is
checked by a program, and only obeyed answers are kept; whether a sum is right is not checked.
"""

from __future__ import annotations

import json
from typing import Any, Literal

from tanemaki.core.recipe import Recipe
from tanemaki.generate.as_messages import AsMessages
from tanemaki.generate.ask import Ask
from tanemaki.generate.ask_repair import AskRepair
from tanemaki.generate.material import DrawMaterial
from tanemaki.generate.pick import Pick
from tanemaki.recipes.phase1 import (
    ANSWER_SAMPLING,
    QUESTION_SAMPLING,
    answer_filters,
    avoid,
    question_filters,
)
from tanemaki.verify.formats import order_of
from tanemaki.verify.holds import HoldsMaterial
from tanemaki.verify.obeys import Obeys

_NOTHING, _BETWEEN = {"ja": "なし", "en": "none"}, {"ja": "、", "en": ", "}

_DRAWN = ("material_kind", "forms", "command_orders", "form", "form_orders")


def build(
    language: str,
    *,
    keywords: Literal["table", "column"] = "table",
    repair: bool = False,
    answer_chars_max: int | None = None,
    avoid_topics: tuple[str, ...] = (),
) -> Recipe:
    """Return the recipe; with ``keywords: column`` each row brings its own ``keyword``.

    ``repair`` sends an answer back once that breaks its form; ``avoid_topics`` leaves out problems about places, culture or
    dates.
    """
    drawn = keywords == "table"

    def constraints(command_orders: str, form_orders: str) -> list[Any]:
        found: list[Any] = [*json.loads(command_orders), *json.loads(form_orders)]
        return found

    def shown_material(material: list[str]) -> str:
        return _BETWEEN[language].join(material) or _NOTHING[language]

    def answer_form(form: str, command_orders: str) -> str:
        told = [order_of(one).wordings(language)[0] for one in json.loads(command_orders)]
        return ("" if language == "ja" else " ").join([*told, form])

    def request(problem: str, answer_form: str) -> str:
        return f"{problem}\n\n{answer_form}"

    return Recipe(
        needs=("number",) if drawn else ("keyword",),
        steps=(
            *((Pick("keyword", table="keywords"),) if drawn else ()),
            Pick(
                "command",
                table="commands",
                also={"material": "material_kind", "forms": "forms", "constraints": "command_orders"},
            ),
            Pick(
                "format",
                table="formats",
                also={"answer_form": "form", "constraints": "form_orders"},
                where={"group": "forms"},
            ),
            DrawMaterial("material", by="material_kind", table="keywords", own="keyword"),
            constraints,
            shown_material,
            answer_form,
            Ask(
                "problem",
                of="writer",
                given=("keyword", "command", "shown_material"),
                filters=(*question_filters(language), HoldsMaterial("text", of="material")),
                sampling=QUESTION_SAMPLING,
            ),
            *avoid("problem", language, avoid_topics),
            AskRepair(
                "answer",
                of="writer",
                given=("problem", "answer_form"),
                filters=answer_filters(
                    language, field="answer", asked="problem", chars_max=answer_chars_max, prose=False
                ),
                check=Obeys("answer", language, families=("form", "list", "length", "style")),
                repair=repair,
                sampling=ANSWER_SAMPLING,
            ),
            request,
            AsMessages("messages", user="request", assistant="answer"),
        ),
        hidden=(
            "material_kind",
            "forms",
            "command_orders",
            "form",
            "form_orders",
            "shown_material",
            "answer_form",
            "request",
        ),
    )
