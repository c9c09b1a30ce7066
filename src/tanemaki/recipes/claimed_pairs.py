"""Pairs whose better side is claimed by how they came to be, and what recipes ask a judge about the claim.

One place, so that ``evolved_preference`` (strong against weak) and ``evol_quality`` (evolved against original) mean the
same by a verdict that is required, and by one that is recorded.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from tanemaki.core.errors import SetupError
from tanemaki.core.recipe import Trial
from tanemaki.generate.pair import Pair
from tanemaki.judge.apart import Apart
from tanemaki.judge.borne_out import BorneOut
from tanemaki.judge.by_name import judge_of
from tanemaki.judge.scoring import Compare

Verdicts = Literal["required", "recorded", "none"]
"""The judge must bear the claim out; it is asked, and the pair stays whatever it says; nobody compares."""


class Sides(NamedTuple):
    """The fields of a claimed pair."""

    prompt: str
    better: str
    worse: str


def claimed_pair(
    language: str, sides: Sides, verdicts: Verdicts, repeats: int
) -> tuple[tuple[Any, ...], tuple[Trial, ...]]:
    """Return the steps that make the pair, and the trial of the judge where one compares.

    ``repeats`` is how often the judge is asked in either order. Raises ``SetupError`` for repeats that nobody is asked for.

    >>> steps, trials = claimed_pair("ja", Sides("prompt", "strong", "weak"), "required", 1)
    >>> [step.name for step in steps], trials[0].recipe
    (['apart', 'pairwise', 'borne_out', 'pair'], 'judge_bench')
    """
    apart = Apart(sides.better, sides.worse)
    pair = Pair(sides.prompt, better=sides.better, worse=sides.worse)
    if verdicts == "none":
        if repeats != 1:
            raise SetupError(
                "nobody is asked, so nobody can be asked again",
                where="options.repeats",
                got=f"verdicts: none, repeats: {repeats}",
                next="leave repeats out, or take verdicts: required",
            )
        return (apart, pair), ()
    judge = judge_of("pairwise", language, repeats=repeats)
    compare = Compare(judge, sides.better, sides.worse, {"prompt": sides.prompt})
    required = (BorneOut(judge),) if verdicts == "required" else ()
    trial = Trial("judge_bench", {"judge": "pairwise", "names": False, "repeats": repeats})
    return (apart, compare, *required, pair), (trial,)
