"""Preference pairs: several answers to each prompt, judged, and a pair only where the verdict holds.

For: DPO, reward models and KTO; knowing how often a judge can say at all which of two answers is better.
Source: verified preference of the hands-on notebook on LLM-as-a-judge (two answers at temperature 0.7, judged in both
orders after "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena", arXiv 2306.05685); best of a pool against a lower
one after "Zephyr" (arXiv 2310.16944). Differs: what was skipped carries no chosen side; a verdict that cannot be read is a
reason and no tie; near-identical answers make no pair, unless an exact verifier tells them apart; the judge passes a trial
before it ranks.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from tanemaki.clean.filters.answer_label import AnswerLabel
from tanemaki.clean.filters.empty import NotEmpty
from tanemaki.clean.filters.language import Language
from tanemaki.clean.filters.repetition import Repetition
from tanemaki.core.errors import SetupError
from tanemaki.core.judging import Judge
from tanemaki.core.model import Sampling
from tanemaki.core.recipe import Recipe, Trial
from tanemaki.generate.answers import Answer, Answerers
from tanemaki.generate.as_prompt import AsPrompt
from tanemaki.judge.answer_key import KEY, HasAnswerKey, by_answer_key
from tanemaki.judge.both_orders import BothOrders
from tanemaki.judge.by_name import judge_of
from tanemaki.judge.comparing import CompareAnswers
from tanemaki.judge.exact import Exact
from tanemaki.judge.gathering import GatherAnswers
from tanemaki.judge.pairing import PairByComparison, PairByScore
from tanemaki.judge.pairwise import Pairwise, compares
from tanemaki.judge.panel import Panel
from tanemaki.judge.policies import policy_of
from tanemaki.judge.scoring import Score

JudgeName = Literal["pairwise", "panel", "single", "aspects", "rubric", "expected", "reward", "exact", "none"]
_MOST = 32  # answers of one prompt: comparisons grow with their square; Online-RLHF takes 4 to 8
_SAMPLING = Sampling(
    temperature=0.7, max_tokens=2048
)  # the notebook's temperature; what is cut makes no pair
_OWN_POLICY = {"exact": "right_wrong", "none": "strong_weak"}
_COMPARING = ("pairwise", "panel")
_JUDGES = ("judge_1", "judge_2", "judge_3")  # three, so that one can be outvoted


class _Ways(NamedTuple):
    """The options that say how a judge is asked."""

    reference: bool = False
    names: bool = False
    repeats: int = 1
    plain: bool = False

    @property
    def chosen(self) -> dict[str, Any]:
        """Those that are not at their default."""
        return {name: value for name, value in self._asdict().items() if value != self._field_defaults[name]}


def build(  # noqa: PLR0913 - options of a run file
    language: str,
    *,
    answers: int = 2,
    answerers: tuple[str, ...] = ("writer",),
    judge: JudgeName = "pairwise",
    judges: tuple[str, ...] = _JUDGES,
    policy: str | None = None,
    min_margin: float = 0.0,
    reference: bool = False,
    names: bool = False,
    repeats: int = 1,
    plain: bool = False,
) -> Recipe:
    """Return the recipe.

    ``answers`` of each prompt are asked of the roles ``answerers``, one model several times or a pool; ``judge`` says which
    is better, of a ``panel`` the roles ``judges``; ``policy`` picks two of scored answers that are at least ``min_margin``
    apart. Judges that are shown both answers take ``names`` (exchange the names, too), ``repeats`` (ask so often) and
    ``plain`` (without markdown); they and ``single`` take ``reference`` (the source's column of that name is shown).
    """
    among, panel = tuple(answerers), tuple(judges)
    ways = _Ways(reference, names, repeats, plain)
    _check_answers(answers, among)
    asked = _judge(language, judge, panel, ways)
    filters = (AnswerLabel("text", language), Language("text", language), Repetition("text"))
    before = (
        *((HasAnswerKey(),) if judge == "exact" else ()),
        *((NotEmpty("reference"),) if reference else ()),
        AsPrompt("prompt", of="instruction"),
        Answerers(among, answers),
        Answer("answer", among, filters=filters, sampling=_SAMPLING),
    )
    known = (KEY,) if judge == "exact" else ("reference",) if reference else ()
    after = _pairing(judge, asked, among, policy, min_margin)
    scores = tuple(field for step in after if isinstance(step, Score) for field in step.writes)
    return Recipe(
        (*before, *after),
        needs=("instruction", *known),
        hidden=("answerer", "answer", *scores),
        trials=_trials(judge, panel, ways),
    )


def _pairing(
    name: JudgeName, asked: Judge | None, among: tuple[str, ...], policy: str | None, min_margin: float
) -> tuple[Any, ...]:
    """Return the steps from the answers to the pair."""
    if asked is not None and compares(asked):
        _check_no_policy(name, policy, min_margin)
        return GatherAnswers(), CompareAnswers(asked), PairByComparison(asked)
    chosen = policy or _OWN_POLICY.get(name, "best_worst")
    picked = policy_of(chosen, min_margin, among, judged=asked is not None)
    if asked is None:
        return GatherAnswers(), PairByScore(picked)
    score = Score(asked)
    told = tuple(field for field in score.writes if field != score.name)
    return score, GatherAnswers(score.name, told), PairByScore(picked, asked.scale, exact=name == "exact")


def _judge(language: str, name: JudgeName, roles: tuple[str, ...], ways: _Ways) -> Judge | None:
    """Return the judge; None where nobody is asked. Raises ``SetupError`` for an option that this judge has no use for."""
    if roles != _JUDGES and name != "panel":
        raise SetupError(
            f"judges are the roles of a panel, and the judge is {name!r}",
            where="options.judges",
            got=", ".join(roles),
            next="take judge: panel, or leave judges out",
        )
    if name in ("exact", "none") and ways.chosen:
        raise SetupError(
            f"the judge {name!r} asks no model",
            where=f"options.{next(iter(ways.chosen))}",
            got=", ".join(f"{option}: {value!r}" for option, value in ways.chosen.items()),
            next="leave it out, or take judge: pairwise",
        )
    if name == "none":
        return None
    if name == "exact":
        return Exact("exact", by_answer_key, ("answer", KEY))
    return _panel(language, roles, ways) if name == "panel" else judge_of(name, language, **ways.chosen)


def _panel(language: str, roles: tuple[str, ...], ways: _Ways) -> Panel:
    if len(set(roles)) < 2 or len(set(roles)) < len(roles):  # noqa: PLR2004 - one judge is no panel
        raise SetupError(
            "a panel needs two judges or more, each a role of its own",
            where="options.judges",
            got=", ".join(roles) or "none",
            next="e.g. judges: [mild, strict, third] with a model for each of these roles",
        )
    judge_of("pairwise", language, **ways.chosen)  # refuses what is refused of one judge, in the same words
    judges = (Pairwise(role, role, ways.reference, ways.plain) for role in roles)
    return Panel("panel", tuple(BothOrders(one, ways.names, ways.repeats) for one in judges))


def _trials(judge: JudgeName, panel: tuple[str, ...], ways: _Ways) -> tuple[Trial, ...]:
    """Return what each model that judges must pass; the planted pairs have no reference answers."""
    if judge in _OWN_POLICY:
        return ()
    if judge in _COMPARING:
        options: dict[str, Any] = {
            "judge": "pairwise",
            "names": ways.names,
            "repeats": ways.repeats,
            "plain": ways.plain,
        }
    else:
        options = {"judge": judge}
    return tuple(Trial("judge_bench", options, role) for role in (panel if judge == "panel" else ("judge",)))


def _check_answers(answers: int, among: tuple[str, ...]) -> None:
    if not 2 <= answers <= _MOST:  # noqa: PLR2004 - a pair
        raise SetupError(
            f"a prompt gets 2 to {_MOST} answers, two of which make a pair",
            where="options.answers",
            got=repr(answers),
            next="e.g. answers: 4",
        )
    if not among or len(set(among)) < len(among):
        raise SetupError(
            "answerers are one or more roles, each named once",
            where="options.answerers",
            got=", ".join(among) or "none",
            next="e.g. answerers: [writer], or a pool: [small, middle, large]",
        )


def _check_no_policy(judge: str, policy: str | None, min_margin: float) -> None:
    """Raise ``SetupError`` for what goes by scores where answers are compared."""
    for option, value in (("policy", policy), ("min_margin", min_margin)):
        if value:
            raise SetupError(
                f"{option} goes by scores, and the judge {judge!r} compares two answers at a time",
                where=f"options.{option}",
                got=repr(value),
                next=f"leave {option} out, or take a judge that scores, e.g. judge: single",
            )
