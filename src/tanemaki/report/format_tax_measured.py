"""What rows of the probe say of a model: shares right in each way, their differences, obedience, and places.

Several orders of one problem do not count as so many independent ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tanemaki.judge.shares import Share
from tanemaki.judge.trust.clustered import share_of
from tanemaki.verify.format_tax.places import Preference, preference
from tanemaki.verify.format_tax.rows import Asked
from tanemaki.verify.format_tax.ways import Way


@dataclass(frozen=True, slots=True)
class Difference:
    """One share less another one of the same rows, -1 to 1, with its interval; none without rows."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class FormatTax:
    """What was measured of one model."""

    model: str
    rows: tuple[Asked, ...]

    def right(self, way: Way) -> Share:
        """Share of rows that are right in this way; no choice is wrong."""
        return share_of((row.problem, row.is_right(way)) for row in self.rows)

    def obeyed(self, way: Way) -> Share:
        """Share of replies that had the ordered form."""
        return share_of((row.problem, bool(row.by_way[way].obeyed)) for row in self.rows)

    def right_in_form(self, way: Way) -> Share:
        """Share of right ones among the replies that had the ordered form."""
        return share_of((row.problem, row.is_right(way)) for row in self.rows if row.by_way[way].obeyed)

    def unchosen(self, way: Way, why: str | None = None) -> Share:
        """Share of replies that chose nothing, for this reason or for any."""
        trials = ((row.problem, row.by_way[way]) for row in self.rows)
        return share_of((key, one.place is None and why in (None, one.why)) for key, one in trials)

    def chosen_at(self, way: Way, place: int) -> Share:
        """Share of this place among what was chosen."""
        places = ((row.problem, row.by_way[way].place) for row in self.rows)
        return share_of((key, one == place) for key, one in places if one is not None)

    def right_at(self, way: Way, place: int) -> Share:
        """Share of right ones where the right option stands at this place."""
        return share_of((row.problem, row.is_right(way)) for row in self.rows if row.right_place == place)

    def preference(self, way: Way) -> Preference:
        """Whether places matter to what is chosen."""
        places = ((row.problem, row.by_way[way].place) for row in self.rows)
        return preference((key, place) for key, place in places if place is not None)

    def same_option(self, way: Way) -> Share:
        """Share of the problems asked in several orders in which one and the same option was chosen in each."""
        by_problem: dict[str, list[str | None]] = {}
        for row in self.rows:
            place = row.by_way[way].place
            by_problem.setdefault(row.problem, []).append(row.options[place - 1] if place else None)
        several = {key: said for key, said in by_problem.items() if len(said) > 1}
        return share_of((key, len(set(said)) == 1 and said[0] is not None) for key, said in several.items())

    def less(self, way: Way, other: Way) -> Difference:
        """Return the share of right ones in one way less that in another."""
        trials = [(row.problem, row.is_right(way), row.is_right(other)) for row in self.rows]
        return paired_difference(trials)

    @property
    def tax(self) -> Difference:
        """What the strict form costs: right freely, less right in the strict form."""
        return self.less("free", "strict")

    @property
    def told(self) -> tuple[Asked, ...]:
        """The rows of which probabilities were told."""
        return tuple(row for row in self.rows if row.mass is not None)

    @property
    def n_problems(self) -> int:
        """How many problems there were."""
        return len({row.problem for row in self.rows})


def paired_difference(trials: Sequence[tuple[str, bool, bool]]) -> Difference:
    """Return how much larger the first share is than the second one; each trial has its problem and both outcomes.

    The interval joins those of the two shares, as wide as problems allow, with the correlation between them.

    Source: Newcombe, "Improved confidence intervals for the difference between binomial proportions based on paired data"
    (1998), method 10. Differs: where a problem has several trials, shares and correlation are those of its sums.

    >>> table = (
    ...     [(True, True)] * 14 + [(True, False)] * 5 + [(False, False)] * 22
    ... )  # Altman et al. (2000), table 6.2
    >>> found = paired_difference([(str(k), one, other) for k, (one, other) in enumerate(table)])
    >>> [round(one or 0, 3) for one in (found.value, found.low, found.high)]
    [0.122, 0.011, 0.226]
    """
    one, other = (share_of((problem, pair[at]) for problem, *pair in trials) for at in (0, 1))
    if one.value is None or other.value is None:
        return Difference(None)
    below, above = _reach(one, high=False), _reach(one, high=True)
    other_below, other_above = _reach(other, high=False), _reach(other, high=True)
    together = _correlation(trials, one.value, other.value)
    value = one.value - other.value
    low = math.sqrt(max(0.0, below**2 - 2 * together * below * other_above + other_above**2))
    high = math.sqrt(max(0.0, other_below**2 - 2 * together * other_below * above + above**2))
    return Difference(value, value - low, value + high)


def _reach(share: Share, *, high: bool) -> float:
    value, end = share.value or 0.0, share.high if high else share.low
    return abs(value - (end if end is not None else value))


def _correlation(trials: Sequence[tuple[str, bool, bool]], one: float, other: float) -> float:
    """Return the correlation of the two sums of a problem, drawn towards 0 by Newcombe's correction where it is positive."""
    sums: dict[str, list[float]] = {}
    for problem, first, second in trials:
        both = sums.setdefault(problem, [0.0, 0.0])
        both[0] += first - one
        both[1] += second - other
    spread = math.sqrt(
        math.fsum(first**2 for first, _ in sums.values())
        * math.fsum(second**2 for _, second in sums.values())
    )
    shared = math.fsum(first * second for first, second in sums.values())
    correction = 0.5 * (len(trials) / len(sums)) ** 2
    shared = max(0.0, shared - correction) if shared > 0 else shared
    return shared / spread if spread else 0.0
