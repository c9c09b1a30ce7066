"""Whether two scores order the same answers alike, whatever their scales."""

from __future__ import annotations

from collections.abc import Mapping

from tanemaki.judge.agreement import Agreement, Label, Unit, Units, counted


def spearman(units: Units) -> Agreement:
    """Return Spearman's rank correlation of two scores, -1 to 1; equal scores share the mean of their ranks.

    Units are pairs of numbers; one with None is left out. There is no value without two different scores on either side.

    Source: Spearman, "The proof and measurement of association between two things" (1904): Pearson's correlation of ranks.

    >>> round(spearman([(1, 10), (2, 20), (3, 15), (4, 40)]).value or 0, 3)
    0.8
    """
    counts = {unit: n for unit, n in counted(units).items() if None not in unit}
    n_items = sum(counts.values())
    if any(len(unit) != 2 for unit in counts):  # noqa: PLR2004 - two scores
        return Agreement("spearman", None, n_items, "not_two_raters")
    if n_items < 2:  # noqa: PLR2004 - one answer has no order
        return Agreement("spearman", None, n_items, "no_pairs")
    first, second = _ranks(counts, 0), _ranks(counts, 1)
    middle = (n_items + 1) / 2
    both = sum(n * (first[a] - middle) * (second[b] - middle) for (a, b), n in counts.items())
    spread = [
        sum(n * (ranks[unit[at]] - middle) ** 2 for unit, n in counts.items())
        for at, ranks in ((0, first), (1, second))
    ]
    if not all(spread):
        return Agreement("spearman", None, n_items, "one_label")
    return Agreement("spearman", both / (spread[0] * spread[1]) ** 0.5, n_items)


def _ranks(counts: Mapping[Unit, int], at: int) -> dict[Label | None, float]:
    """The mean rank of each score, from 1."""
    totals: dict[float, int] = {}
    for unit, n in counts.items():
        totals[float(unit[at] or 0)] = totals.get(float(unit[at] or 0), 0) + n
    ranks: dict[Label | None, float] = {}
    below = 0
    for score in sorted(totals):
        ranks[score] = below + (totals[score] + 1) / 2
        below += totals[score]
    return ranks
