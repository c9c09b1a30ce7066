"""Pairs of one model's own answers: what the verifier knows first, what the judge thinks second.

Two steps stand after the gathered answers. :class:`Tally` counts them, so that a prompt that makes no pair shows its rate as
well; :class:`VerifiedPair` picks the sides.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import ClassVar, Literal

from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.judge.candidates import Candidate
from tanemaki.judge.policies import RightWrong, SweetSpot, near_sigma
from tanemaki.text.answers import bare_answer
from tanemaki.text.final_answer import final_answer
from tanemaki.text.quantities import find_quantities

Rejected = Literal["commonest", "sweet_spot"]
"""How the rejected side is picked of the wrong answers."""
Answers = Sequence[Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class Tally:
    """Write how the answers to one prompt did: columns that a loop draws over its rounds.

    ``n_answers`` that arrived and ``n_missing`` that did not (cut, empty, failed: each has a row of its own among the
    rejected or failed ones); ``decided_by``: ``answer_key`` where the verifier knew of at least one answer, ``judge`` where
    only scores are there, else None; ``pass_rate``, the share of right ones among those that the verifier knew, 0 to 1, None
    where it knew none; ``mean_score`` and ``best_score`` of what decided: the verifier's 0 and 1, or the judge's scale.

    Cost: no call.
    Source: "RLHF Workflow" (arXiv 2405.07863) logs mean and best reward of every round. Differs: its code drops prompts with
    fewer than K answers without a word; here they are counted.

    >>> answers = [{"correct": 1.0, "score": None}, {"correct": 0.0, "score": None}]
    >>> Tally(n=3)(Record("a", (1,), {"answers": answers}))["n_missing"]
    1
    """

    n: int
    """Answers that were asked for."""
    name: str = dataclasses.field(default="tally", init=False)
    reads: ClassVar[tuple[str, ...]] = ("answers",)
    writes: ClassVar[Mapping[str, FieldType]] = {
        "n_answers": "integer",
        "n_missing": "integer",
        "decided_by": "text",
        "pass_rate": "number",
        "mean_score": "number",
        "best_score": "number",
    }

    def __call__(self, record: Record) -> Mapping[str, Json]:
        """Count."""
        answers = record["answers"]
        known = _known(answers, "correct")
        scores = known or _known(answers, "score")
        return {
            "n_answers": len(answers),
            "n_missing": self.n - len(answers),
            "decided_by": "answer_key" if known else "judge" if scores else None,
            "pass_rate": fmean(known) if known else None,
            "mean_score": fmean(scores) if scores else None,
            "best_score": max(scores) if scores else None,
        }


@dataclass(frozen=True, slots=True)
class VerifiedPair:
    """Make a pair of one prompt's answers: of a right and a wrong one where the verifier knew, else by the judge's scores.

    Verified: chosen is the shortest right answer, rejected the commonest wrong one (by what it comes to, not its wording)
    or, with ``sweet_spot``, the wrong one whose score lies nearest to µ - 2σ of the prompt's scores. Answers of which the
    verifier knows nothing are no side of such a pair. One digit may set the sides apart.

    Judged: chosen is the best score, rejected the one nearest to µ - 2σ; near copies are no pair.

    Writes the sides as messages, their scores (of what decided: 1 and 0, or the judge's), the margin and who answered.

    Reasons: ``too_few_answers``; verified: ``all_right`` and ``all_wrong`` (measured: how many), which are worth keeping,
    the first for harder prompts, the second for generation that aims at them; ``undecided`` (measured: answers of which the
    verifier knows nothing), ``unscored`` (measured: answers with a score; limit: how many it takes; note: why most have
    none); judged: ``unscored``, ``tied``, ``not_distinct``. A prompt without a pair has no chosen side anywhere.
    Cost: no call.
    Source: right against wrong: "Iterative Reasoning Preference Optimization" (arXiv 2404.19733); µ - 2σ: "Finding the Sweet
    Spot" (arXiv 2502.16825). Differs: both are one step, the verifier goes before the judge, and neither is mixed with the
    other in one pair.
    """

    rejected: Rejected = "commonest"
    keyed: bool = True
    """A verifier was asked: the answers have ``correct``."""
    judged: bool = False
    """A judge called ``score`` was asked: the answers have ``score`` and ``score_parts``."""
    name: str = dataclasses.field(default="pair", init=False)
    reads: ClassVar[tuple[str, ...]] = ("answers",)
    writes: ClassVar[Mapping[str, FieldType]] = {
        "chosen": "messages",
        "rejected": "messages",
        "score_chosen": "number",
        "score_rejected": "number",
        "margin": "number",
        "answerer_chosen": "text",
        "answerer_rejected": "text",
    }

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        verified = ("all_right", "all_wrong", "undecided") if self.keyed else ()
        judged = ("unscored", "tied", "not_distinct") if self.judged else ()
        return ("too_few_answers", *verified, *judged)

    def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Reject:
        """Pick two; give the pair, or why there is none."""
        answers: Answers = record["answers"]
        if len(answers) < 2:  # noqa: PLR2004 - a pair
            return Reject("too_few_answers", len(answers), 2)
        if self.keyed and any(one["correct"] is not None for one in answers):
            return self._verified(answers, context)
        if not self.judged:
            return Reject("undecided", len(answers), None)
        return _by_score(answers, context)

    def _verified(self, answers: Answers, context: Context) -> Mapping[str, Json] | Reject:
        known = [one for one in answers if one["correct"] is not None]
        right = [one for one in known if one["correct"] == 1]
        wrong = [one for one in known if one["correct"] != 1]
        if not right or not wrong:
            unknown = len(answers) - len(known)
            if unknown:
                told = f"{len(right)} right, {len(wrong)} wrong"
                return Reject("undecided", unknown, None, told)
            return Reject("all_right" if right else "all_wrong", len(known), None)
        candidates = [
            Candidate(one["answer"], one["correct"], one["answerer"], exact=True, said=_said(one["answer"]))
            for one in known
        ]
        picked = RightWrong()(candidates, context.draw())
        if isinstance(picked, Reject):
            return picked
        lower: Mapping[str, Json] | Reject = known[picked.rejected]
        if self.rejected == "sweet_spot":
            lower = _near_sigma(answers, wrong, context)
        return lower if isinstance(lower, Reject) else _pair(known[picked.chosen], lower, "correct")


def _by_score(answers: Answers, context: Context) -> Mapping[str, Json] | Reject:
    scored = [one for one in answers if one["score"] is not None]
    if len(scored) < 2:  # noqa: PLR2004 - a pair
        return _unscored(answers, len(scored), 2)
    candidates = [Candidate(one["answer"], one["score"], one["answerer"]) for one in scored]
    picked = SweetSpot()(candidates, context.draw())
    if isinstance(picked, Reject):
        return picked
    return _pair(scored[picked.chosen], scored[picked.rejected], "score")


def _near_sigma(answers: Answers, wrong: Answers, context: Context) -> Mapping[str, Json] | Reject:
    """Return the wrong answer whose score is nearest to µ - 2σ of all scores of the prompt."""
    scored = [one for one in answers if one["score"] is not None]
    among = [i for i, one in enumerate(scored) if one["correct"] is not None and one["correct"] != 1]
    if not among:
        return _unscored(wrong, 0, 1)
    return scored[near_sigma([one["score"] for one in scored], among, context.draw("rejected"))]


def _unscored(answers: Answers, n_scored: int, needed: int) -> Reject:
    why = Counter(str(one["score_parts"].get("why")) for one in answers if one["score"] is None)
    return Reject("unscored", n_scored, needed, why.most_common(1)[0][0] if why else None)


def _known(answers: Answers, name: str) -> list[float]:
    return [one[name] for one in answers if one.get(name) is not None]


def _said(answer: str) -> str:
    """Return what an answer comes to: its quantities where it states some, else its words."""
    bare = bare_answer(final_answer(answer))
    return " ".join(f"{one.value} {one.unit}".strip() for one in find_quantities(bare)) or bare


def _pair(chosen: Mapping[str, Json], rejected: Mapping[str, Json], by: str) -> dict[str, Json]:
    return {
        "chosen": [{"role": "assistant", "content": chosen["answer"]}],
        "rejected": [{"role": "assistant", "content": rejected["answer"]}],
        "score_chosen": chosen[by],
        "score_rejected": rejected[by],
        "margin": chosen[by] - rejected[by],
        "answerer_chosen": chosen["answerer"],
        "answerer_rejected": rejected["answerer"],
    }
