"""Exact problems to be answered in an ordered form, with replies that obey every order and whose content is right.

For: instruction following where form and content can both be checked: JSON with a schema, YAML, CSV, tables, lists, one
line, a choice, given beginnings, ends and lengths. No model is needed.
Source: the format orders of Tanuki's method B (JSON, YAML, CSV, bullets …), each with the checker of the recipe
`constrained`; "Instruction-Following Evaluation for Large Language Models" (arXiv 2311.07911).
Differs: the reply is composed by a program from a verified solution, so that content and form are known to be right.
"""

from __future__ import annotations

from typing import Literal

from tanemaki.clean.dedup.exact_copy import ExactCopy
from tanemaki.core.recipe import Recipe
from tanemaki.generate.as_messages import AsMessages
from tanemaki.recipes.exact import LOGIC, MATHS, Choice, needs_of, verified
from tanemaki.recipes.options import chosen
from tanemaki.verify.compose import SHAPES, Compose


def build(
    language: str,  # noqa: ARG001 - the problems know theirs from the run
    *,
    topics: tuple[str, ...] = (),
    families: tuple[str, ...] = (),
    levels: tuple[int, ...] = (),
    problems: Literal["drawn", "own"] = "drawn",
    shapes: tuple[str, ...] = (),
) -> Recipe:
    """Return the recipe.

    ``topics`` and ``families`` choose problems (all of both), ``levels`` 1 to 5 their difficulty, ``problems: own``
    takes the source's rows, solved again, in the place of drawn ones. ``shapes`` are the forms of the replies (all).
    """
    if shapes:
        chosen("shapes", shapes, tuple(SHAPES))
    posed = verified((*MATHS, *LOGIC), Choice(topics, families, levels), problems)
    return Recipe(
        needs=needs_of(problems),
        steps=(
            *posed,
            Compose(tuple(shapes)),
            ExactCopy("request"),
            AsMessages("messages", user="request", assistant="response"),
        ),
    )
