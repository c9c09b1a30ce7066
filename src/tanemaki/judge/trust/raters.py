"""How far several opinions on the same pairs agree: a set's labels, further columns of labels, judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from tanemaki.judge.agreement import (
    Agreement,
    Coefficient,
    Unit,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
    percent_agreement,
)
from tanemaki.judge.bootstrap import enough_resamples, with_interval

Opinions = Mapping[str, str]
"""Pair → the side that a rater is for, or ``tie``; a pair without an opinion is not there."""


@dataclass(frozen=True, slots=True)
class TwoRaters:
    """Two opinions, on the pairs on which both have one."""

    first: str
    second: str
    percent: Agreement
    kappa: Agreement
    """Cohen's."""


@dataclass(frozen=True, slots=True)
class Raters:
    """All opinions."""

    names: tuple[str, ...]
    n_items: int
    """Pairs on which somebody has an opinion."""
    between: tuple[TwoRaters, ...]
    percent: Agreement
    fleiss: Agreement
    """Over the pairs on which all have an opinion: it takes no missing ones."""
    alpha: Agreement
    """Krippendorff's, nominal: over all pairs with two opinions or more."""


def agreement_of(raters: Mapping[str, Opinions]) -> Raters:
    """Compare every two raters, and all of them together; each coefficient with its bootstrap interval over pairs.

    Cost: a bootstrap for each coefficient, about a second each, more with over 10,000 pairs.
    Source: :mod:`tanemaki.judge.agreement` names the coefficients' papers.

    >>> told = agreement_of({"ラベル": {"1": "first", "2": "tie"}, "審査員": {"1": "first"}})
    >>> told.between[0].percent.value, told.alpha.reason
    (1.0, 'one_label')
    """
    names = tuple(raters)
    items = sorted({key for opinions in raters.values() for key in opinions})
    units: list[Unit] = [tuple(raters[name].get(key) for name in names) for key in items]
    whole = [unit for unit in units if None not in unit]
    sure = partial(_with_interval, names)
    return Raters(
        names,
        len(items),
        tuple(_two(raters, *pair) for pair in combinations(names, 2)),
        sure(units, percent_agreement),
        sure(whole, fleiss_kappa),
        sure(units, krippendorff_alpha),
    )


def _two(raters: Mapping[str, Opinions], first: str, second: str) -> TwoRaters:
    one, other = raters[first], raters[second]
    units: list[Unit] = [(one[key], other[key]) for key in sorted(one.keys() & other.keys())]
    sure = partial(_with_interval, (first, second))
    return TwoRaters(first, second, sure(units, percent_agreement), sure(units, cohen_kappa))


def _with_interval(names: tuple[str, ...], units: list[Unit], coefficient: Coefficient) -> Agreement:
    return with_interval(units, coefficient, "raters", *names, n_resamples=enough_resamples(len(units)))
