"""The steps that make one preference pair of the answers to a prompt: by their scores, or by comparisons."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tanemaki.core.judging import Judge, Scale
from tanemaki.core.record import FieldType, Json, Record
from tanemaki.core.step import Context
from tanemaki.core.verdict import Reject
from tanemaki.judge.candidates import Picked
from tanemaki.judge.gathering import candidates_of
from tanemaki.judge.policies import Policy, reasons_of

_TIE = "tie"
_NOTE_CHARS = 200  # of the judge's text in the note of a rejected row; the whole of it is in the row's fields
_WRITES: Mapping[str, FieldType] = {
    "chosen": "messages",
    "rejected": "messages",
    "score_chosen": "number",
    "score_rejected": "number",
    "margin": "number",
    "answerer_chosen": "text",
    "answerer_rejected": "text",
}


@dataclass(frozen=True, slots=True)
class PairByScore:
    """Make a pair of the gathered answers by their scores, by a policy.

    Writes ``chosen`` and ``rejected`` as messages, their scores as the judge gave them, the margin (never negative), and who
    answered.

    Reasons: those of the policy. A prompt without a pair has no chosen side anywhere, and keeps its ``answers``.
    Cost: no call.
    Source: ours; the columns are Zephyr's (``score_chosen``, ``score_rejected``). Fault 19: rows without a verdict that
    carry a chosen side.
    """

    policy: Policy
    scale: Scale | None = None
    """The judge's; tells which direction is better. None: higher is."""
    exact: bool = False
    """The judge is an exact verifier: one digit may set two answers apart."""
    name: str = dataclasses.field(default="pair", init=False)
    reads: tuple[str, ...] = dataclasses.field(default=("answers",), init=False)
    writes: Mapping[str, FieldType] = dataclasses.field(default_factory=lambda: _WRITES, init=False)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        return reasons_of(self.policy)

    def __call__(self, record: Record, context: Context) -> Mapping[str, Json] | Reject:
        """Pick two; give the pair, or why there is none."""
        answers = record["answers"]
        if any(one["score"] is not None for one in answers):  # what a judge could not score is no nought
            answers = [one for one in answers if one["score"] is not None]
        higher = self.scale is None or self.scale.higher_is_better
        candidates = candidates_of(answers, higher_is_better=higher, exact=self.exact)
        picked = self.policy(candidates, context.draw())
        if isinstance(picked, Reject):
            return picked
        return _pair(answers, [one["score"] for one in answers], picked)


@dataclass(frozen=True, slots=True)
class PairByComparison:
    """Make a pair of the gathered answers by what a judge said of every two of them.

    An answer's score is the share of its decided comparisons that it won. The winner of most and the one that it beat with
    the lowest score are the pair: the judge's verdict on these very two is for the chosen one.

    Reasons: with one comparison, ``tie`` and those of the judge (a verdict that depends on the order, one that cannot be
    read); with several, ``undecided`` (measured: comparisons with a winner; limit: comparisons). The rejected row keeps
    ``answers`` and ``comparisons``, with every text of the judge, and has no chosen side.
    Cost: no call.
    Source: ours, after the two-order judging of MT-Bench (arXiv 2306.05685, section 3.4), which makes no pairs. Differs: a
    verdict that is none, or that does not hold in both orders, makes no pair.
    """

    judge: Judge
    """The one that compared: its reasons are this step's."""
    name: str = dataclasses.field(default="pair", init=False)
    reads: tuple[str, ...] = dataclasses.field(default=("answers", "comparisons"), init=False)
    writes: Mapping[str, FieldType] = dataclasses.field(default_factory=lambda: _WRITES, init=False)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        return tuple(dict.fromkeys(("undecided", _TIE, *self.judge.reasons)))

    def __call__(self, record: Record) -> Mapping[str, Json] | Reject:
        """Pick the pair that was decided most clearly; give it, or why there is none."""
        answers, comparisons = record["answers"], record["comparisons"]
        if len(comparisons) == 1 and comparisons[0]["winner"] is None:
            note = comparisons[0]["rationale"][:_NOTE_CHARS]
            return Reject(comparisons[0]["why"] or _TIE, None, None, note or None)
        scores = _shares_won(len(answers), comparisons)
        picked = _clearest(comparisons, scores)
        if picked is None:
            decided = sum(one["winner"] is not None for one in comparisons)
            return Reject("undecided", decided, len(comparisons))
        return _pair(answers, scores, picked)


def _shares_won(n: int, comparisons: Sequence[Mapping[str, Json]]) -> list[float | None]:
    """Return the share of its decided comparisons that each answer won; None where none of them was decided."""
    won, decided = [0] * n, [0] * n
    for one in comparisons:
        if one["winner"] is not None:
            won[one["winner"]] += 1
            for place in (one["first"], one["second"]):
                decided[place] += 1
    return [w / d if d else None for w, d in zip(won, decided, strict=True)]


def _clearest(comparisons: Sequence[Mapping[str, Json]], scores: Sequence[float | None]) -> Picked | None:
    """Return the decided comparison with the greatest difference of the scores; of equal ones the first."""
    best: tuple[float, Picked] | None = None
    for one in comparisons:
        chosen = one["winner"]
        if chosen is None:
            continue
        rejected = one["first"] if chosen == one["second"] else one["second"]
        margin = (scores[chosen] or 0) - (scores[rejected] or 0)
        if margin > 0 and (best is None or margin > best[0]):
            best = margin, Picked(chosen, rejected)
    return None if best is None else best[1]


def _pair(
    answers: Sequence[Mapping[str, Json]], scores: Sequence[float | None], picked: Picked
) -> dict[str, Json]:
    chosen, rejected = answers[picked.chosen], answers[picked.rejected]
    high, low = scores[picked.chosen], scores[picked.rejected]
    return {
        "chosen": [{"role": "assistant", "content": chosen["answer"]}],
        "rejected": [{"role": "assistant", "content": rejected["answer"]}],
        "score_chosen": high,
        "score_rejected": low,
        "margin": None if high is None or low is None else abs(high - low),
        "answerer_chosen": chosen["answerer"],
        "answerer_rejected": rejected["answerer"],
    }
