"""Verdicts of a judge on pairs whose better answer is known, in both orders and under exchanged names.

For: knowing how far a judge may be believed before it ranks anything; comparing judges and judge prompts.
Source: position, name and length bias as "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena" (arXiv 2306.05685) and
synth-persona measure them; planted pairs after "LLMBar" (arXiv 2310.07641). Differs: the pairs are our own, written by hand
in Japanese and in English, ten kinds of fault, as many with the longer answer better as with the shorter one; a verdict that
cannot be read stays in the row with its reason.
"""

from __future__ import annotations

from typing import Any, Literal

from tanemaki.core.recipe import Recipe
from tanemaki.generate.pick_in_turn import PickInTurn
from tanemaki.judge.aspects import ASPECTS
from tanemaki.judge.by_name import judge_of
from tanemaki.judge.by_score import ByScore
from tanemaki.judge.draw_sides import DrawSides
from tanemaki.judge.pairwise import compares
from tanemaki.judge.scoring import Compare
from tanemaki.recipes.options import chosen


def build(
    language: str,
    *,
    judge: Literal["pairwise", "single", "aspects", "rubric", "expected", "reward"] = "pairwise",
    pairs: Literal["planted", "own"] = "planted",
    names: bool | None = None,
    repeats: int = 1,
    plain: bool = False,
    logprobs: bool = False,
    aspects: tuple[str, ...] = (),
) -> Recipe:
    """Return the recipe.

    ``judge`` is who is asked: ``pairwise`` in both orders, the others for a score of each answer. ``pairs`` are the planted
    ones, or the source's own rows with ``prompt``, ``better`` and ``worse``. With ``pairwise``: ``names`` asks with the
    names exchanged, too, unless it is false; ``repeats`` asks each question so often; ``plain`` takes markdown off the
    answers before; ``logprobs`` measures how probable the legal verdicts were. With ``aspects``: the mean of ``aspects``
    ranks, and not the overall rating.
    """
    exchanged = judge == "pairwise" if names is None else names
    ways: dict[str, Any] = {
        "repeats": repeats,
        "plain": plain,
        "logprobs": logprobs,
        "aspects": tuple(aspects),
    }
    if aspects:
        chosen("aspects", tuple(aspects), ASPECTS)
    asked = judge_of(judge, language, names=exchanged, **ways)
    planted = PickInTurn(
        "prompt", table="planted", also={"better": "better_cell", "worse": "worse_cell", "kind": "kind"}
    )
    compare = Compare(asked if compares(asked) else ByScore(asked))
    steps: tuple[Any, ...] = (DrawSides(better="better", worse="worse"), compare)
    if pairs == "own":
        return Recipe(needs=("prompt", "better", "worse"), steps=steps)
    return Recipe(
        needs=("number",),
        steps=(planted, better, worse, *steps),
        hidden=("better_cell", "worse_cell", "better", "worse"),
    )


def better(better_cell: str) -> str:
    """Give the better answer with its line breaks, which a table's cell cannot hold."""
    return better_cell.replace("\\n", "\n")


def worse(worse_cell: str) -> str:
    """Give the worse answer with its line breaks."""
    return worse_cell.replace("\\n", "\n")
