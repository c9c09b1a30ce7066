"""Several answers to each instruction, under drawn principles, rated on four aspects and criticised, and a pair of them.

For: reward models and critics (every rating with its reason), preference tuning (one pair a row), studies of judges.
Source: "UltraFeedback: Boosting Language Models with Scaled AI Feedback" (arXiv 2310.01377) and its published code; the pair
after Zephyr (arXiv 2310.16944, section 3.3). Differs: each answer is rated by itself, where the paper shows the four of a
prompt together, shuffled, in one request for each aspect: so no place in a list and no neighbour colours a rating, and the
judge that is tried before the run is the one that ranks; the judge does not see the principle, as trainers will not;
ratings are read strictly (the published code made 10 of "1/10"), and an answer whose overall score does not fit its aspects
ranks nothing, where the published repair overwrote the score.
"""

from __future__ import annotations

from typing import Any, Literal

from tanemaki.core.errors import SetupError
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe, Trial
from tanemaki.generate.answers import Answer, Answerers
from tanemaki.generate.as_prompt import AsPrompt
from tanemaki.generate.pick import Pick
from tanemaki.judge.aspects import ASPECTS, OVERALL, Aspects
from tanemaki.judge.completions import CRITICISED, GATHERED, Completions
from tanemaki.judge.gathering import GatherAnswers
from tanemaki.judge.pairing import PairByScore
from tanemaki.judge.policies import policy_of
from tanemaki.judge.scores_fit import ScoresFit
from tanemaki.judge.scoring import Score
from tanemaki.judge.single import ONE_TO_TEN, Single
from tanemaki.recipes.options import chosen

_MOST = 32  # answers of one instruction, as `preference` has it; the published set has 4
PRINCIPLES = ("helpfulness", "truthfulness", "honesty", "verbalized_calibration", "harmlessness")
_SAMPLING = Sampling(temperature=1.0, top_p=1.0, max_tokens=1024)  # the published code's, for every answerer
_SHOWN = {"prompt": "instruction", "answer": "answer"}


def build(  # noqa: PLR0913 - options of a run file
    language: str,  # noqa: ARG001 - the words are in the prompts and tables of the run's language
    *,
    answerers: tuple[str, ...] = ("strong", "weak"),
    answers: int = 4,
    principles: tuple[str, ...] = PRINCIPLES[:4],
    aspects: tuple[str, ...] = ASPECTS,
    critique: bool = True,
    rank_by: Literal["fine_grained_score", "overall_score"] = "fine_grained_score",
    policy: Literal[
        "best_random", "best_worst", "length_penalty", "margin", "sweet_spot", "strong_weak"
    ] = "best_random",
    min_margin: float = 0.0,
) -> Recipe:
    """Return the recipe.

    ``answerers`` are the roles of the pool, ``answers`` how many each instruction gets. ``aspects`` are some of the four, or
    ``overall`` alone; ``critique`` asks for a critique with a score from 1 to 10 besides. ``rank_by`` is what the pair goes
    by: the mean of the ratings, or that score. ``min_margin`` is in its points.
    """
    _check(answerers, answers, aspects, critique=critique, rank_by=rank_by)
    wished = chosen("principles", principles, PRINCIPLES)
    overall = tuple(aspects) == (OVERALL,)
    rating = Aspects(aspects=() if overall else tuple(aspects), overall=overall)
    pair = policy_of(policy, min_margin, tuple(answerers))

    def wanted() -> str:
        return wished

    def pair_policy() -> str:
        return policy

    criticised: tuple[Any, ...] = ()
    if critique:
        criticised = (
            # Its prompt has the name of the shared one, so that the judge is tried with these very words.
            Score(Single("overall_score"), fields=_SHOWN),
            ScoresFit("overall_score", on=ONE_TO_TEN, beside="aspects_parts"),
        )
    score = "aspects" if rank_by == "fine_grained_score" else rank_by
    gathered = (*GATHERED, *(CRITICISED if critique else ()))
    steps = (
        AsPrompt("prompt", of="instruction"),
        wanted,
        pair_policy,
        Answerers(tuple(answerers), answers),
        Pick(
            "principle",
            table="principles",
            also={"system": "custom_system_prompt"},
            where={"principle": "wanted"},
        ),
        Answer("answer", tuple(answerers), system="custom_system_prompt", sampling=_SAMPLING),
        Score(rating, fields=_SHOWN),
        *criticised,
        GatherAnswers(score, gathered),
        Completions(),
        PairByScore(pair),
    )
    return Recipe(
        needs=("instruction",),
        steps=steps,
        hidden=(
            "wanted",
            "answers",
            "answer",
            "answerer",
            "aspects",
            "aspects_rationale",
            *gathered,
            "overall_score_parts",
        ),
        trials=(_trial(rank_by, () if overall else tuple(aspects)),),
    )


def _trial(rank_by: str, means: tuple[str, ...]) -> Trial:
    """Return what the judge must pass: the very score that the pairs go by."""
    if rank_by == "overall_score":
        return Trial("judge_bench", {"judge": "single"})
    return Trial("judge_bench", {"judge": "aspects", "aspects": means})


def _check(
    answerers: tuple[str, ...], answers: int, aspects: tuple[str, ...], *, critique: bool, rank_by: str
) -> None:
    """Raise ``SetupError`` for options that cannot be, before any call."""
    if "judge" in answerers or not answerers or len(set(answerers)) < len(answerers):
        raise SetupError(
            "answerers are roles of their own, each named once, and the judge is none of them",
            where="options.answerers",
            got=", ".join(answerers) or "none",
            next="e.g. answerers: [strong, weak]",
        )
    if not 2 <= answers <= _MOST:  # noqa: PLR2004 - a pair
        raise SetupError(
            f"an instruction gets 2 to {_MOST} answers, two of which make a pair",
            where="options.answers",
            got=repr(answers),
            next="e.g. answers: 4, as UltraFeedback has it",
        )
    if tuple(aspects) != (OVERALL,):
        chosen("aspects", aspects, ASPECTS)
        if len(set(aspects)) < len(aspects):
            raise SetupError("an aspect is rated once", where="options.aspects", got=", ".join(aspects))
    if rank_by == "overall_score" and not critique:
        raise SetupError(
            "without a critique no answer has an overall score",
            where="options.rank_by",
            got="rank_by: overall_score, critique: false",
            next="leave rank_by out, or critique: true",
        )
