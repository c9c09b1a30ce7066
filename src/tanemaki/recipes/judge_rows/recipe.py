"""Verdicts and scores for the rows of a set made elsewhere: pairs of answers compared, or single answers scored.

For: finding out whether the chosen sides of a set hold, how noisy its labels are, and which rows a person should decide;
``tanemaki judge`` writes the source of this recipe from the usual forms of such sets, and reports what comes out.
Source: both orders and exchanged names as "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena" (arXiv 2306.05685) and
synth-persona ask; scores one by one as UltraFeedback (arXiv 2310.01377) and G-Eval (arXiv 2303.16634).
Differs: nothing is chosen or rejected: every row is kept with what the judge said of it, also where nothing could be read;
the set's own label stays beside it and is never shown to the judge.
"""

from __future__ import annotations

from typing import Any, Literal

from tanemaki.core.errors import SetupError
from tanemaki.core.recipe import Recipe, Trial
from tanemaki.judge.by_name import judge_of
from tanemaki.judge.by_score import ByScore
from tanemaki.judge.pairwise import compares
from tanemaki.judge.scoring import Compare, Score


def build(
    language: str,
    *,
    judge: Literal["pairwise", "single", "aspects", "rubric", "expected"] = "pairwise",
    rows: Literal["pairs", "answers"] = "pairs",
    names: bool | None = None,
    repeats: int = 1,
    plain: bool = False,
) -> Recipe:
    """Return the recipe.

    ``rows`` are ``pairs`` with ``prompt``, ``first`` and ``second``, or ``answers`` with ``prompt`` and ``answer``.
    ``judge`` is who is asked: ``pairwise`` compares in both orders; the others score each answer alone, and of a pair the
    better score wins. With ``pairwise``: ``names`` asks with the names exchanged, too, unless it is false; ``repeats`` asks
    each question so often; ``plain`` takes markdown off the answers before.
    """
    exchanged = judge == "pairwise" if names is None else names
    asked = judge_of(judge, language, names=exchanged, repeats=repeats, plain=plain)
    trials = (Trial("judge_bench", {"judge": judge, **({"plain": True} if plain else {})}),)
    if rows == "pairs":
        pairs: tuple[Any, ...] = (Compare(asked if compares(asked) else ByScore(asked)),)
        return Recipe(needs=("prompt", "first", "second"), steps=pairs, trials=trials)
    if compares(asked):
        raise SetupError(
            "the judge 'pairwise' compares two answers, and these rows hold one each",
            where="options.judge",
            got="rows: answers",
            next="judge: single, aspects, rubric or expected; or rows: pairs",
        )
    return Recipe(needs=("prompt", "answer"), steps=(Score(asked, keep_unscored=True),), trials=trials)
