"""Logic puzzles with worked reasoning, posed and answered by a program and solved again by another one.

For: deduction step by step (orders, seats, liars, small grids, syllogisms), with answers that cannot be wrong; reward
signals for GRPO, test items. No model is needed.
Source: the logic quizzes of Tanuki's phase 1 (six levels, about 800 genres), whose answers a model wrote and nobody checked;
"Reasoning Gym" (arXiv 2505.24760) for item k as a pure function of seed and k.
Differs: one answer by construction, found again by trying all cases; worked reasoning in several styles; two languages; a
model may solve the puzzles, and nothing unconfirmed is kept. No model rewords them: a clue that is turned round without a
number in it would be found by nobody.
"""

from __future__ import annotations

from typing import Literal

from tanemaki.core.recipe import Recipe
from tanemaki.recipes.exact import LOGIC, Choice, exact_recipe


def build(
    language: str,
    *,
    families: tuple[str, ...] = (),
    levels: tuple[int, ...] = (),
    styles: tuple[str, ...] = (),
    problems: Literal["drawn", "own"] = "drawn",
    answers: Literal["solver", "model"] = "solver",
) -> Recipe:
    """Return the recipe.

    ``families`` chooses puzzles (all), ``levels`` 1 to 5 their difficulty, ``styles`` how
    solutions are written. ``problems: own`` takes the source's rows, solved again, in the place of drawn ones.
    ``answers: model`` lets a writer solve the puzzle.
    """
    return exact_recipe(
        language,
        LOGIC,
        Choice((), families, levels, styles),
        problems=problems,
        wording="frames",
        answers=answers,
    )
