"""What a judge says of a whole set: whether the sides hold that the set calls better, and which models win."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tanemaki.judge.shares import Share
from tanemaki.judge.trust.clustered import share_of
from tanemaki.judge.trust.compared import Compared
from tanemaki.judge.trust.corrected import Corrected, corrected, label_noise
from tanemaki.judge.trust.labels import AgainstLabels

_UNTRIED = "the judge was not tried on pairs whose better side is known"


@dataclass(frozen=True, slots=True)
class OfModel:
    """One model of a set against all others."""

    model: str
    said: Share
    """Settled pairs with exactly one answer of this model that it wins."""
    corrected: Corrected


@dataclass(frozen=True, slots=True)
class Held:
    """One judge on one set."""

    judge: str
    said: Share
    """Settled pairs in which the judge is for the side that the set calls better."""
    corrected: Corrected
    """The same, as it would be with a judge that does not err."""
    noise: Corrected
    """Labels that are wrong, by the same correction."""
    models: tuple[OfModel, ...]
    """By name; empty where the set does not say who wrote what."""


def held(rows: Sequence[Compared], judge: str, known: AgainstLabels | None) -> Held:
    """Say whether a set's labels hold, with and without correction for the judge's errors on pairs of ``known`` truth.

    Without ``known`` no rate is corrected, and each says why.

    Source: the correction, "How to Correctly Report LLM-as-a-Judge Evaluations" (arXiv 2511.21140). Differs: sensitivity and
    specificity are those of the judge's settled verdicts, as only settled pairs are counted; that errors on the known pairs
    are like those on the set is taken for granted, and the report says so.

    >>> held((), "松", None).noise.why
    'the judge settled none of the rows'
    """
    settled = [row for row in rows if row.decided]
    sided = [row for row in settled if row.label in ("first", "second")]
    said = share_of((row.key, row.winner == row.label) for row in sided)
    named = sorted({name for row in settled for name in (row.first_model, row.second_model) if name})
    wins = {name: _wins(settled, name) for name in named}
    return Held(
        judge,
        said,
        _without_errors(said, known),
        label_noise(sided, known.sensitivity, known.specificity) if known else _without_errors(said, None),
        tuple(OfModel(name, one, _without_errors(one, known)) for name, one in wins.items() if one.n),
    )


def _without_errors(said: Share, known: AgainstLabels | None) -> Corrected:
    """Return a rate as it would be without the judge's errors, or say that those were not measured."""
    if known is not None:
        return corrected(said, known.sensitivity, known.specificity)
    why = _UNTRIED if said.n else corrected(said, said, said).why
    return Corrected(None, None, None, said.n, 0, why)


def _wins(settled: Sequence[Compared], model: str) -> Share:
    return share_of(
        (row.key, (row.winner == "first") == (row.first_model == model))
        for row in settled
        if (row.first_model == model) != (row.second_model == model)
    )
