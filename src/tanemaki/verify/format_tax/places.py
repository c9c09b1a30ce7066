"""Whether a model prefers a place among the options, whatever stands there."""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterable
from dataclasses import dataclass

from tanemaki.verify.format_tax.options import N_OPTIONS

_EQUAL = 1e-9  # what is left of a sum of roots of unity that is zero
_TURNS = tuple(cmath.exp(2j * cmath.pi * place / N_OPTIONS) for place in range(N_OPTIONS))


@dataclass(frozen=True, slots=True)
class Preference:
    """How far the chosen places are from equally many of each."""

    counts: tuple[int, ...]
    """How often each place was chosen."""
    chi_square: float
    p: float
    """Probability of so much or more where places do not matter, 0 to 1."""
    df: int = N_OPTIONS - 1


def preference(chosen: Iterable[tuple[str, int]]) -> Preference:
    """Return the test of the chosen places, each with its problem.

    The right option's first place is drawn for each problem. If places do not matter, every rotation of a problem's choices
    is then as likely as any other, whether the model is right or wrong. The sums of the choices' roots of unity over the
    problems have known variances under these rotations, and what the two frequencies add is χ² with four degrees of freedom.
    Where each problem is asked in one order this is Pearson's χ² against one fifth each; where it is asked in several, its
    choices do not count as so many independent ones. It needs some 25 problems, as Pearson's does.

    Source: Pearson's test; the variance over problems is ours.

    >>> found = preference([(f"問{k}", 1) for k in range(20)])
    >>> found.counts, round(found.chi_square), found.p < 1e-15
    ((20, 0, 0, 0, 0), 80, True)
    """
    by_problem: dict[str, list[int]] = {}
    for problem, place in chosen:
        by_problem.setdefault(problem, [0] * N_OPTIONS)[place - 1] += 1
    counts = tuple(sum(one[place] for one in by_problem.values()) for place in range(N_OPTIONS))
    chi_square = 0.0
    for frequency in (1, 2):  # the others are their mirror images
        sums = [
            sum(n * _TURNS[frequency * place % N_OPTIONS] for place, n in enumerate(one))
            for one in by_problem.values()
        ]
        variance = math.fsum(abs(one) ** 2 for one in sums)
        if variance > _EQUAL:
            chi_square += 2 * abs(sum(sums)) ** 2 / variance
    return Preference(counts, chi_square, math.exp(-chi_square / 2) * (1 + chi_square / 2))
