"""Which two of several scored answers make a pair.

A policy sees the answers to one prompt with their scores, higher being better, and names the chosen and the rejected one, or
says why there is no pair. Whatever the policy, the sides of a pair differ in their scores and in what they say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Protocol

from tanemaki.core.errors import SetupError, nearest
from tanemaki.core.seeding import Draw
from tanemaki.core.verdict import Reject
from tanemaki.judge.candidates import MAX_SIMILARITY, Candidate, Pairing, Picked, similarity
from tanemaki.text.similarity import squeeze

REASONS = ("too_few_answers", "tied", "not_distinct", "low_margin")
"""The reasons that most policies have."""


class Policy(Protocol):
    """How a pair is picked."""

    def __call__(self, candidates: Sequence[Candidate], draw: Draw) -> Picked | Reject:
        """Give the sides, or why there is no pair."""


def _best(candidates: Sequence[Candidate], draw: Draw, score: Callable[[Candidate], float]) -> int:
    """Return the place of the highest; one of several, drawn, so that the first is not favoured."""
    top = max(map(score, candidates))
    return draw.choose([i for i, one in enumerate(candidates) if score(one) == top])


def _lowest(candidates: Sequence[Candidate], among: Sequence[int], draw: Draw) -> int:
    bottom = min(candidates[i].score for i in among)
    return draw.choose([i for i in among if candidates[i].score == bottom])


def _too_few(candidates: Sequence[Candidate]) -> Reject | None:
    return Reject("too_few_answers", len(candidates), 2) if len(candidates) < 2 else None  # noqa: PLR2004 - a pair


@dataclass(frozen=True, slots=True)
class BestWorst:
    """The highest and the lowest score.

    Source: max-min of "RLHF Workflow: From Reward Modeling to Online RLHF" (arXiv 2405.07863, section 3). Differs: equal
    scores are no pair; of several best ones a drawn one is taken.

    >>> said = [
    ...     Candidate("葛は根の澱粉です。", 8),
    ...     Candidate("海藻です。", 3),
    ...     Candidate("木の実から作ります。", 5),
    ... ]
    >>> BestWorst()(said, Draw("例"))
    Picked(chosen=0, rejected=1)
    """

    min_margin: float = 0.0
    """Least difference of the scores; 0: any."""

    def __call__(self, candidates: Sequence[Candidate], draw: Draw) -> Picked | Reject:
        """Give the sides, or why there is no pair."""
        if few := _too_few(candidates):
            return few
        chosen = _best(candidates, draw, lambda one: one.score)
        among = Pairing(candidates).below(chosen, range(len(candidates)), self.min_margin)
        return among if isinstance(among, Reject) else Picked(chosen, _lowest(candidates, among, draw))


@dataclass(frozen=True, slots=True)
class BestRandom:
    """The highest score, and a drawn one of the lower ones: harder and more varied than the worst.

    Source: Zephyr (arXiv 2310.16944, section 3.3). Differs: what is drawn has a lower score than the best,
    and is no near copy.
    """

    min_margin: float = 0.0
    """Least difference of the scores; 0: any."""

    def __call__(self, candidates: Sequence[Candidate], draw: Draw) -> Picked | Reject:
        """Give the sides, or why there is no pair."""
        if few := _too_few(candidates):
            return few
        chosen = _best(candidates, draw, lambda one: one.score)
        among = Pairing(candidates).below(chosen, range(len(candidates)), self.min_margin)
        return among if isinstance(among, Reject) else Picked(chosen, draw.choose(among))


@dataclass(frozen=True, slots=True)
class LengthPenalty:
    """The highest and the lowest after a penalty for length, so that the longer answer does not win for its length.

    The sides must keep their order without the penalty, too: a worse answer is never chosen because it is short.

    Source: max_min_p of the code of "RLHF Workflow" (arXiv 2405.07863). Differs: length is in characters, and the order must
    hold with and without the penalty.
    """

    per_100_chars: float = 0.1
    """Points of the judge's scale taken off for every hundred characters."""
    min_margin: float = 0.0
    """Least difference of the scores, the penalty left out; 0: any."""

    def __call__(self, candidates: Sequence[Candidate], draw: Draw) -> Picked | Reject:
        """Give the sides, or why there is no pair."""
        if few := _too_few(candidates):
            return few

        def penalised(one: Candidate) -> float:
            return one.score - self.per_100_chars * len(one.text) / 100

        chosen = _best(candidates, draw, penalised)
        among = Pairing(candidates).below(chosen, range(len(candidates)), self.min_margin)
        if isinstance(among, Reject):
            return among
        low = min(penalised(candidates[i]) for i in among)
        if low >= penalised(candidates[chosen]):
            return Reject("tied", penalised(candidates[chosen]), None, "equal after the penalty")
        return Picked(chosen, draw.choose([i for i in among if penalised(candidates[i]) == low]))


@dataclass(frozen=True, slots=True)
class Margin:
    """The highest score, and the best of those that are lower by at least the margin: the hardest clear mistake.

    Source: ours, after the margins that "RLHF Workflow" (arXiv 2405.07863) stores with its pairs.
    """

    min_margin: float
    """Least difference of the scores, above 0."""

    def __call__(self, candidates: Sequence[Candidate], draw: Draw) -> Picked | Reject:
        """Give the sides, or why there is no pair."""
        if few := _too_few(candidates):
            return few
        chosen = _best(candidates, draw, lambda one: one.score)
        among = Pairing(candidates).below(chosen, range(len(candidates)), self.min_margin)
        if isinstance(among, Reject):
            return among
        top = max(candidates[i].score for i in among)
        return Picked(chosen, draw.choose([i for i in among if candidates[i].score == top]))


@dataclass(frozen=True, slots=True)
class SweetSpot:
    """The highest score, and the one nearest to µ − 2σ of all: with many answers the very worst teaches little.

    Source: "Finding the Sweet Spot: Preference Data Construction for Scaling Preference Optimization" (arXiv 2502.16825).
    Differs: of two that are equally near, the lower one.
    """

    n_sigmas: float = 2.0
    """How many standard deviations below the mean the rejected answer should lie."""

    def __call__(self, candidates: Sequence[Candidate], draw: Draw) -> Picked | Reject:
        """Give the sides, or why there is no pair."""
        if few := _too_few(candidates):
            return few
        chosen = _best(candidates, draw, lambda one: one.score)
        among = Pairing(candidates).below(chosen, range(len(candidates)))
        if isinstance(among, Reject):
            return among
        return Picked(chosen, near_sigma([one.score for one in candidates], among, draw, self.n_sigmas))


def near_sigma(scores: Sequence[float], among: Sequence[int], draw: Draw, n_sigmas: float = 2.0) -> int:
    """Return which of some places has the score nearest to the mean less so many standard deviations of all scores.

    The standard deviation is that of a population. Of two equally near ones the lower counts, of equal ones a drawn one.

    >>> near_sigma([10, 9, 8, 2, 1], [3, 4], Draw("例"))  # µ 6, σ 3.74: aims at -1.5
    4
    """
    aim = fmean(scores) - n_sigmas * pstdev(scores)
    best = min((abs(scores[i] - aim), scores[i]) for i in among)
    return draw.choose([i for i in among if (abs(scores[i] - aim), scores[i]) == best])


@dataclass(frozen=True, slots=True)
class StrongWeak:
    """An answer of the strong role and one of the weak role; where they have scores, the strong one's must be higher.

    Reasons: besides the usual ones ``side_missing`` (measured: the role without an answer) and ``weak_is_better``.
    Source: Mitsuhashi's evolved Japanese preference set (chosen of calm3-22b, rejected of a weak checkpoint). Differs: that
    set asks no judge, so nobody knows how many of its pairs are the wrong way round.
    """

    strong: str
    """The role whose answer is chosen."""
    weak: str
    """The role whose answer is rejected."""
    judged: bool = True
    """A judge scored the answers; without, every score is taken for unknown."""

    def __call__(self, candidates: Sequence[Candidate], draw: Draw) -> Picked | Reject:
        """Give the sides, or why there is no pair."""
        sides = []
        for role in (self.strong, self.weak):
            own = [i for i, one in enumerate(candidates) if one.answerer == role]
            if not own:
                return Reject("side_missing", role)
            top = max(candidates[i].score for i in own)
            sides.append(draw.choose([i for i in own if candidates[i].score == top]))
        chosen, rejected = sides
        better = candidates[chosen].score - candidates[rejected].score
        if self.judged and better < 0:
            return Reject("weak_is_better", better, 0)
        if self.judged and better == 0:
            return Reject("tied", candidates[chosen].score)
        pairing = Pairing(candidates)
        if not pairing.separate(chosen, rejected):
            alike = similarity(candidates[chosen].text, candidates[rejected].text)
            return Reject("not_distinct", round(alike, 3), MAX_SIMILARITY)
        return Picked(chosen, rejected)


@dataclass(frozen=True, slots=True)
class RightWrong:
    """The shortest right answer, and the commonest wrong one: for scores of an exact verifier, 1 right and 0 wrong.

    Reasons: besides the usual ones ``all_right`` and ``all_wrong`` (measured: how many), which are worth keeping: the first
    for harder prompts, the second for generation that aims at them.
    Source: "Iterative Reasoning Preference Optimization" (arXiv 2404.19733) pairs right with wrong answers; shortest right
    and commonest wrong are ours. Wrong answers count as the same that come to the same (``said``), and where that is not
    known, those that differ in signs, width and white space alone.
    """

    def __call__(self, candidates: Sequence[Candidate], draw: Draw) -> Picked | Reject:
        """Give the sides, or why there is no pair."""
        if few := _too_few(candidates):
            return few
        right = [i for i, one in enumerate(candidates) if one.score == 1]
        wrong = [i for i, one in enumerate(candidates) if one.score != 1]
        if not right or not wrong:
            return Reject("all_right" if right else "all_wrong", len(candidates), None)
        short = min(len(candidates[i].text) for i in right)
        chosen = draw.choose([i for i in right if len(candidates[i].text) == short])
        among = Pairing(candidates).below(chosen, wrong)
        if isinstance(among, Reject):
            return among
        said = [
            candidates[i].said or squeeze(candidates[i].text) or candidates[i].text.strip() for i in among
        ]
        most = max(said.count(one) for one in said)
        return Picked(
            chosen, draw.choose([i for i, one in zip(among, said, strict=True) if said.count(one) == most])
        )


POLICIES = (
    "best_worst",
    "best_random",
    "length_penalty",
    "margin",
    "sweet_spot",
    "right_wrong",
    "strong_weak",
)


def policy_of(name: str, min_margin: float, answerers: Sequence[str] = (), *, judged: bool = True) -> Policy:
    """Return the policy of this name, for answers that a judge scored or that none did.

    Raises ``SetupError`` for an unknown name, a margin that the policy cannot use, and a policy that needs scores or sides
    which are not there.
    """
    made: dict[str, Callable[[], Policy]] = {
        "best_worst": lambda: BestWorst(min_margin),
        "best_random": lambda: BestRandom(min_margin),
        "length_penalty": lambda: LengthPenalty(min_margin=min_margin),
        "margin": lambda: Margin(min_margin),
        "sweet_spot": SweetSpot,
        "right_wrong": RightWrong,
        "strong_weak": lambda: StrongWeak(answerers[0], answerers[1], judged),
    }
    if name not in made:
        near = nearest(name, made)
        raise SetupError(
            f"there is no pair policy {name!r}",
            where="options.policy",
            got=repr(name),
            next=f"did you mean {near!r}?" if near else f"one of {', '.join(made)}",
        )
    if not judged and name != "strong_weak":
        raise SetupError(
            f"policy {name!r} goes by scores, and no judge gives any",
            where="options.policy",
            got="judge: none",
            next="name a judge, or take policy: strong_weak",
        )
    if min_margin < 0 or (name == "margin" and min_margin == 0):
        raise SetupError(
            f"policy {name!r} needs a least difference of the scores"
            if name == "margin"
            else "a margin is 0 or more",
            where="options.min_margin",
            got=repr(min_margin),
            next="in points of the judge's scale, e.g. min_margin: 2",
        )
    if min_margin and name in ("sweet_spot", "right_wrong", "strong_weak"):
        raise SetupError(
            f"policy {name!r} knows no margin",
            where="options.min_margin",
            got=repr(min_margin),
            next="leave min_margin out, or take best_worst, best_random, length_penalty or margin",
        )
    if name == "strong_weak" and len(answerers) != 2:  # noqa: PLR2004 - the two sides
        raise SetupError(
            "policy 'strong_weak' needs two answerers, the strong one first",
            where="options.answerers",
            got=", ".join(answerers) or "none",
            next="e.g. answerers: [strong, weak]",
        )
    return made[name]()


def reasons_of(policy: Policy) -> tuple[str, ...]:
    """Return the closed list of why a policy may give no pair."""
    margin = getattr(policy, "min_margin", 0.0) > 0
    usual = tuple(one for one in REASONS if one != "low_margin" or margin)
    if isinstance(policy, StrongWeak):
        judged = ("tied", "weak_is_better") if policy.judged else ()
        return ("side_missing", *judged, "not_distinct")
    if isinstance(policy, RightWrong):
        return ("too_few_answers", "all_right", "all_wrong", "not_distinct")
    return usual
