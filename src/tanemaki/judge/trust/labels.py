"""How often a judge is right where the truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tanemaki.core.seeding import hex_id
from tanemaki.judge.agreement import Agreement, Unit, cohen_kappa
from tanemaki.judge.bootstrap import enough_resamples, with_interval
from tanemaki.judge.shares import Share
from tanemaki.judge.trust.clustered import share_of
from tanemaki.judge.trust.compared import Compared


@dataclass(frozen=True, slots=True)
class OfKind:
    """The pairs with one kind of fault in the worse side."""

    kind: str
    found: Share
    """The right side wins, of all pairs of the kind."""
    wrong: Share
    """The wrong side wins; what is left has no verdict."""


@dataclass(frozen=True, slots=True)
class AgainstLabels:
    """The judge beside the labels, over pairs whose label is a side or a tie."""

    n_labelled: int
    settled: Share
    """Pairs that the judge gave to a side, of those whose label is a side."""
    right: Share
    """Of these, to the right one: the precision of verified pairs."""
    found: Share
    """The right side wins, of all pairs whose label is a side, settled or not."""
    kappa: Agreement
    """Cohen's kappa over sides and ties, of pairs with a score; the interval is a bootstrap by pairs."""
    sensitivity: Share
    """Settled pairs whose better side is the first: the judge says so."""
    specificity: Share
    """Settled pairs whose better side is the second: the judge does not say that it is the first."""
    by_kind: tuple[OfKind, ...]
    """The kinds by name."""


def against_labels(rows: Sequence[Compared]) -> AgainstLabels:
    """Compare verdicts with labels; a pair without a score is unsettled, and neither right nor wrong.

    Source: agreement as "Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena" (arXiv 2306.05685, §4.2) measures it, with
    kappa beside it; sensitivity and specificity as arXiv 2511.21140 needs them.

    >>> against_labels(()).right.value is None
    True
    """
    sided = [row for row in rows if row.label in ("first", "second")]
    settled = [row for row in sided if row.decided]
    return AgainstLabels(
        n_labelled=sum(row.label is not None for row in rows),
        settled=share_of((row.key, row.decided) for row in sided),
        right=share_of((row.key, row.winner == row.label) for row in settled),
        found=share_of((row.key, row.winner == row.label) for row in sided),
        kappa=_kappa(rows),
        sensitivity=share_of((row.key, row.winner == "first") for row in settled if row.label == "first"),
        specificity=share_of((row.key, row.winner == "second") for row in settled if row.label == "second"),
        by_kind=tuple(
            _of_kind(kind, [row for row in sided if row.kind == kind])
            for kind in sorted({row.kind for row in sided if row.kind})
        ),
    )


def _of_kind(kind: str, rows: Sequence[Compared]) -> OfKind:
    return OfKind(
        kind,
        found=share_of((row.key, row.winner == row.label) for row in rows),
        wrong=share_of((row.key, row.decided and row.winner != row.label) for row in rows),
    )


def _kappa(rows: Sequence[Compared]) -> Agreement:
    units: list[Unit] = [(row.label, row.winner) for row in rows if row.label and row.winner]
    names = ("judge_trust", hex_id(*sorted(row.key for row in rows)))
    return with_interval(units, cohen_kappa, *names, n_resamples=enough_resamples(len(units)))
