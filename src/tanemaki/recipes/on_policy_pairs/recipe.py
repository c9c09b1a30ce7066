"""Preference pairs of a model's own answers: fresh prompts each round, a verifier first, a judge second.

For: one round of iterative DPO, online or by hand; pairs of right and wrong answers to questions with an answer key.
Source: "RLHF Workflow: From Reward Modeling to Online RLHF" (arXiv 2405.07863): K answers of the current policy, scored, one
pair a prompt; "Iterative Reasoning Preference Optimization" (arXiv 2404.19733): right against wrong answers; "Finding the
Sweet Spot" (arXiv 2502.16825): rejected near µ - 2σ. Differs: an exact verifier goes before any judge; prompts of which all
answers are right, or all wrong, are set aside by name; a prompt's round is a hash of the prompt, so that no round repeats
one; prompts with fewer than K answers are counted, where the published code drops them without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from tanemaki.core.errors import SetupError
from tanemaki.core.judging import Judge
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe, Trial
from tanemaki.datasets.rounds import FirstAsked, InRound
from tanemaki.generate.answers import Answer, Answerers
from tanemaki.generate.as_prompt import AsPrompt
from tanemaki.judge.answer_key import KEY, HasAnswerKey, by_answer_key, strictly_by_answer_key
from tanemaki.judge.exact import Exact
from tanemaki.judge.expected import Expected
from tanemaki.judge.gathering import GatherAnswers
from tanemaki.judge.reward_model import RewardModel
from tanemaki.judge.scoring import Score
from tanemaki.judge.single import Single
from tanemaki.judge.verified_pair import Rejected, Tally, VerifiedPair

POLICY = ("policy",)
"""The role that answers: the model that the pairs will train."""
_JUDGES: Mapping[str, Judge] = {  # "score", whoever gives it: the source's answer key is called `expected`
    "single": Single("score"),
    "expected": Expected("score"),
    "reward": RewardModel("score", of="judge"),
}
_MOST = 64  # ours: RLHF Workflow takes 4 to 8; far more than that is a slip of the pen
_SAMPLING = Sampling(temperature=1.0, max_tokens=2048)  # RLHF Workflow, section 3


def build(
    language: str,  # noqa: ARG001 - the judge's words are in the prompts of the run's language
    *,
    answers: int = 8,
    answer_key: bool = True,
    strict: bool = False,
    judge: Literal["none", "single", "expected", "reward"] = "none",
    rejected: Rejected = "commonest",
    round: int = 1,  # noqa: A002 - the run file's own word
    rounds: int = 1,
) -> Recipe:
    """Return the recipe.

    ``answers`` of each prompt are asked of the role ``policy``. With ``answer_key`` the source has ``expected``, the right
    answer; ``strict`` calls wrong whatever is not shown to be right. ``judge`` scores what no key decides. ``rejected`` is
    how the wrong side is picked. This is ``round`` of ``rounds``.
    """
    _check(answers, answer_key=answer_key, strict=strict, judge=judge, rejected=rejected)
    keyed, judged = _scores(answer_key=answer_key, strict=strict, judge=judge, rejected=rejected)
    known = tuple(name for score in keyed for name in score.writes)
    scored = tuple(name for score in judged for name in score.writes)
    gathered = GatherAnswers(
        judged[0].name if judged else None, (*(("correct",) if keyed else ()), *scored[1:])
    )
    steps: tuple[Any, ...] = (
        AsPrompt("prompt", of="instruction"),
        *((HasAnswerKey(),) if judge == "none" else ()),
        InRound("prompt", round, rounds),
        FirstAsked("prompt"),
        Answerers(POLICY, answers),
        Answer("answer", POLICY, sampling=_SAMPLING),
        *keyed,
        *judged,
        gathered,
        Tally(answers),
        VerifiedPair(rejected, keyed=bool(keyed), judged=bool(judged)),
    )
    return Recipe(
        needs=("instruction", *((KEY,) if answer_key else ())),
        steps=steps,
        hidden=("answerer", "answer", *known, *scored),
        trials=(Trial("judge_bench", {"judge": judge}),) if judged else (),
    )


def _scores(
    *, answer_key: bool, strict: bool, judge: str, rejected: Rejected
) -> tuple[tuple[Score, ...], tuple[Score, ...]]:
    """Return the verifier's step and the judge's, each where it is wanted."""
    keyed: tuple[Score, ...] = ()
    judged: tuple[Score, ...] = ()
    if answer_key:
        check = strictly_by_answer_key if strict else by_answer_key
        keyed = (Score(Exact("correct", check, ("answer", KEY)), keep_unscored=True),)
    if judge != "none":
        decided = "correct" if answer_key and rejected == "commonest" else None
        judged = (Score(_JUDGES[judge], keep_unscored=True, unless=decided),)
    return keyed, judged


def _check(answers: int, *, answer_key: bool, strict: bool, judge: str, rejected: Rejected) -> None:
    """Raise ``SetupError`` for options that cannot be, before any call."""
    if not 2 <= answers <= _MOST:  # noqa: PLR2004 - a pair
        raise SetupError(
            f"a prompt gets 2 to {_MOST} answers, two of which make a pair",
            where="options.answers",
            got=repr(answers),
            next="e.g. answers: 8",
        )
    if not answer_key and judge == "none":
        raise SetupError(
            "without an answer key and without a judge nobody says which answer is better",
            where="options.answer_key",
            got="answer_key: false, judge: none",
            next="take judge: single, expected or reward, or give the source a column `expected`",
        )
    if strict and not answer_key:
        raise SetupError(
            "strict is how the answer key is read, and there is none",
            where="options.strict",
            got="strict: true, answer_key: false",
            next="leave strict out",
        )
    if rejected == "sweet_spot" and judge == "none":
        raise SetupError(
            "the sweet spot goes by a judge's scores, and there is no judge",
            where="options.rejected",
            got="rejected: sweet_spot, judge: none",
            next="take judge: single, expected or reward, or rejected: commonest",
        )
