"""What a whole run will take, from what some of its rows took: numbers in, 90 % intervals out. No I/O, no clock.

The rows of a sample are weighed anew a thousand times (the Bayesian bootstrap), and for each set of weights a rest of the
run is drawn: how many rows of the source it needs for the accepted rows that are still wanted, and what they take. So an
interval holds both what the sample does not know (acceptance, lengths) and the luck of the rows to come.

Source: "The Bayesian Bootstrap" (Rubin 1981, Annals of Statistics 9(1)) for the weights; the normal limit of cumulative
processes ("Regenerative Stochastic Processes", Smith 1955, Proc. R. Soc. A 232) for the luck of the rows to come.
Differs: half an accepted and half a rejected row are added to the sample (Jeffreys' prior for a share), so that one in which
all or none were accepted does not seem certain; the quantiles are stretched, on a logarithmic scale, by what Student's t is
wider than the normal distribution and by the ``(n + 1) / (n - 1)`` that the bootstrap lacks in variance; the luck of the
rows to come is log-normal with the limit's mean and variance, because nothing here can be negative.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import mul
from typing import NamedTuple

from tanemaki.core.seeding import Draw, Name

FIGURES = ("requests", "prompt_tokens", "completion_tokens", "usd")
"""What is forecast besides rows."""
LEVEL = 0.9
"""Share of forecasts whose interval holds the truth."""
ROWS = 24
"""Rows of the source in a sample, where nobody says how many."""
LEAST_ROWS = 2
N_DRAWS = 1000
_MOST_WORK = 128_000
"""Rows times draws; a larger sample is drawn less often, at least 200 times."""
_Z = 1.6448536269514722
"""The normal distribution's 95 % quantile: 5 % are left out on either side."""


class Interval(NamedTuple):
    """Where a figure lies with a probability of :data:`LEVEL`, and its median."""

    low: float
    middle: float
    high: float

    def plus(self, known: float) -> Interval:
        """Return the interval moved by what is known already."""
        return Interval(self.low + known, self.middle + known, self.high + known)

    def times(self, factor: float) -> Interval:
        """Return the interval of a multiple."""
        return Interval(self.low * factor, self.middle * factor, self.high * factor)

    def holds(self, actual: float) -> bool:
        """Say whether a figure lies inside, both ends included; a rounding error is no difference."""
        slack = 1e-9 * max(1.0, abs(self.high))
        return self.low - slack <= actual <= self.high + slack


@dataclass(frozen=True, slots=True)
class Took:
    """What one row of the source took, with all that its steps made of it."""

    accepted: int
    amounts: tuple[float, ...]
    """In the order of :data:`FIGURES`."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a run."""

    wanted: int | None
    """Accepted rows still wanted; None: all that the source gives."""
    left: int | None
    """Rows of the source that are left; None where they do not end. One of both must be given."""
    most_accepted: int | None = 1
    """Accepted rows that one row of the source gives at most; None where that is not known."""
    on_the_way: int = 0
    """Rows of the source that are on their way at once: more of them are accepted in the end than were wanted.

    They set out as if those on their way were accepted as often as all are. But rejected rows end early, so among those on
    their way there are more that will be: as many as the requests of accepted rows are among all requests."""
    margin: float = 0.0
    """Share by which more rows are asked for than are wanted: of batch files, which go out all at once."""


@dataclass(frozen=True, slots=True)
class Projection:
    """The rest of a run as it will probably go."""

    rows: Interval
    """Rows of the source."""
    accepted: Interval
    amounts: tuple[Interval, ...]
    """In the order of :data:`FIGURES`."""


def project(sample: Sequence[Took], rest: Rest, *names: Name) -> Projection:
    """Return what the rest of a run will take; ``names`` name the random draws.

    Raises ``ValueError`` for fewer than two rows, for a rest without an end, and where rows are wanted and the sample
    accepted none: there is no forecast then.

    Cost: 128,000 weights at most, below a second.

    >>> rows = [Took(i % 4 > 0, (1, 40.0 + i, 10.0, 0.0)) for i in range(24)]
    >>> told = project(rows, Rest(wanted=300, left=None), "example")
    >>> told.rows.holds(400), told.rows.holds(301), told.amounts[1].holds(400 * 51.5)
    (True, False, True)
    """
    if len(sample) < LEAST_ROWS or (rest.wanted is None and rest.left is None):
        raise ValueError(f"{len(sample)} rows and {rest} give no forecast")
    if rest.wanted is not None and not any(row.accepted for row in sample):
        raise ValueError("no row of the sample was accepted: how many a run needs is not known")
    columns = _Columns(sample)
    n_draws = max(200, min(N_DRAWS, _MOST_WORK // len(sample)))
    drawn = [_draw(columns, rest, Draw("forecast", *names, number)) for number in range(n_draws)]
    stretch = _stretch(len(sample))
    rows, accepted, *amounts = (_interval(column, stretch) for column in zip(*drawn, strict=True))
    least = 0.0
    if rest.wanted is not None and rest.most_accepted:
        least = math.ceil(rest.wanted / rest.most_accepted)
    most = math.inf if rest.left is None else float(rest.left)
    rows = Interval(*(min(max(end, least), most) for end in rows))
    return Projection(rows, accepted, tuple(amounts))


class _Columns:
    """The sample by columns, with half an accepted and half a rejected row behind, and the products that variances need."""

    def __init__(self, sample: Sequence[Took]) -> None:
        self.n = len(sample)
        whole = list(sample)
        whole += [
            _average(sample, lambda row: row.accepted > 0),
            _average(sample, lambda row: not row.accepted, 0),
        ]
        self.accepted = [float(row.accepted) for row in whole]
        self.accepted2 = list(map(mul, self.accepted, self.accepted))
        self.is_accepted = [float(row.accepted > 0) for row in whole]
        self.amounts = [list(column) for column in zip(*(row.amounts for row in whole), strict=True)]
        self.asked_of_accepted = list(map(mul, self.amounts[0], self.is_accepted))
        self.squares = [list(map(mul, column, column)) for column in self.amounts]
        self.crossed = [list(map(mul, column, self.accepted)) for column in self.amounts]

    def surplus(self, weights: Sequence[float], share: float, rest: Rest) -> float:
        """Return how many accepted rows may be on their way when the last wanted one comes."""
        n_requests = sum(map(mul, weights, self.amounts[0]))
        if not n_requests:
            return 0.0
        among: float = sum(map(mul, weights, self.asked_of_accepted)) / n_requests
        accepting: float = sum(map(mul, weights, self.is_accepted))
        return (
            min(rest.on_the_way, (rest.wanted or 0) / share) * share / accepting * max(0.0, among - accepting)
        )

    def weights(self, draw: Draw) -> list[float]:
        """Return weights that sum to 1: each row's is exponential, that of a half one is gamma with shape one half."""
        found = [-math.log(1.0 - draw.uniform()) for _ in range(self.n)]
        found += [_normal(draw) ** 2 / 2, _normal(draw) ** 2 / 2]
        total = sum(found)
        return [weight / total for weight in found]


def _average(sample: Sequence[Took], which: Callable[[Took], bool], accepted: int | None = None) -> Took:
    """Return the average of some rows, of all where there are none of them."""
    chosen = [row for row in sample if which(row)]
    costs = chosen or list(sample)
    amounts = tuple(sum(column) / len(costs) for column in zip(*(row.amounts for row in costs), strict=True))
    if accepted is None:
        accepted = round(sum(row.accepted for row in chosen) / len(chosen)) if chosen else 1
    return Took(accepted, amounts)


def _draw(columns: _Columns, rest: Rest, draw: Draw) -> list[float]:
    """Return one rest of the run: its rows, its accepted rows, its amounts."""
    weights = columns.weights(draw)
    share = sum(map(mul, weights, columns.accepted))
    share2 = sum(map(mul, weights, columns.accepted2))
    n_rows, is_short = float(rest.left or 0), True
    n_wanted = float(rest.wanted or 0)
    if rest.wanted is not None:
        # runs had half to all of what the look-ahead's rule makes of rows on their way
        n_wanted += n_wanted * rest.margin + columns.surplus(weights, share, rest) * (1 + draw.uniform()) / 2
        n_rows = _positive(n_wanted / share, n_wanted * max(0.0, share2 - share**2) / share**3, draw)
        is_short = rest.left is not None and n_rows > rest.left
    if is_short:
        n_rows = float(rest.left or 0)
        accepted = _positive(n_rows * share, n_rows * max(0.0, share2 - share**2), draw)
    else:
        accepted = float(rest.wanted or 0)
    drawn = [n_rows, accepted]
    for column, squares, crossed in zip(columns.amounts, columns.squares, columns.crossed, strict=True):
        mean = sum(map(mul, weights, column))
        mean2 = sum(map(mul, weights, squares))
        if is_short:
            drawn.append(_positive(n_rows * mean, n_rows * max(0.0, mean2 - mean**2), draw))
        else:
            ratio, n_mean = mean / share, n_wanted / share
            spread = mean2 - 2 * ratio * sum(map(mul, weights, crossed)) + ratio**2 * share2
            drawn.append(_positive(n_mean * mean, n_mean * max(0.0, spread), draw))
    return drawn


def _positive(mean: float, variance: float, draw: Draw) -> float:
    """Return a log-normal draw with this mean and variance."""
    z = _normal(draw)
    if mean <= 0 or variance <= 1e-9 * mean**2:  # a rounding error
        return max(mean, 0.0)
    log_variance = math.log1p(variance / mean**2)
    return mean * math.exp(math.sqrt(log_variance) * z - log_variance / 2)


def _normal(draw: Draw) -> float:
    """Return a draw from the standard normal distribution (Box and Muller)."""
    return math.sqrt(-2 * math.log(1.0 - draw.uniform())) * math.cos(2 * math.pi * draw.uniform())


def _stretch(n: int) -> float:
    """Return by how much the logarithmic distance of the ends from the median is stretched for a sample of n rows.

    >>> round(_stretch(16), 2), round(_stretch(1000), 2)
    (1.13, 1.0)
    """
    df = n - 1
    student = _Z + (_Z**3 + _Z) / (4 * df) + (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / (96 * df**2)
    return student / _Z * math.sqrt((n + 1) / (n - 1))


def _interval(drawn: Sequence[float], stretch: float) -> Interval:
    ordered = sorted(drawn)
    tail = (1 - LEVEL) / 2
    low, middle, high = (_quantile(ordered, share) for share in (tail, 0.5, 1 - tail))
    if low <= 0:
        return Interval(max(low, 0.0), middle, high)
    return Interval(middle * (low / middle) ** stretch, middle, middle * (high / middle) ** stretch)


def _quantile(ordered: Sequence[float], share: float) -> float:
    at = share * (len(ordered) - 1)
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])
