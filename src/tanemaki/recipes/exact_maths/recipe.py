"""Mathematical problems with worked solutions, posed and answered by a program and solved again by another one.

For: arithmetic and mathematics from primary school to the first years of the high school, with answers that cannot be wrong;
seeds for reasoning data, reward signals for GRPO, test items. No model is needed.
Source: rule-based arithmetic with exact answers as Tanuki's first author published it, and the requirement that its maths
data lacked: generators with exact verifiers. "Reasoning Gym" (arXiv 2505.24760) for item k as a pure function of seed and
k.
Differs: worked solutions by several methods and in several styles, every equation checked, two languages, a second solver
that shares no code, seeds that are hashed and never added; a model may reword problems or solve them, and nothing
unconfirmed is kept.
"""

from __future__ import annotations

from typing import Literal

from tanemaki.core.recipe import Recipe
from tanemaki.recipes.exact import MATHS, Choice, exact_recipe


def build(
    language: str,
    *,
    topics: tuple[str, ...] = (),
    families: tuple[str, ...] = (),
    levels: tuple[int, ...] = (),
    styles: tuple[str, ...] = (),
    problems: Literal["drawn", "own"] = "drawn",
    wording: Literal["frames", "model"] = "frames",
    answers: Literal["solver", "model"] = "solver",
) -> Recipe:
    """Return the recipe.

    ``topics`` and ``families`` choose problems (all of both), ``levels`` 1 to 5 their difficulty, ``styles`` how
    solutions are written. ``problems: own`` takes the source's rows, solved again, in the place of drawn ones.
    ``wording: model`` lets a writer say each problem in other words, ``answers: model`` lets it solve the problem.
    """
    return exact_recipe(
        language,
        MATHS,
        Choice(topics, families, levels, styles),
        problems=problems,
        wording=wording,
        answers=answers,
    )
