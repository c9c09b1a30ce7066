"""How sure a coefficient of agreement is: the interval of its values over resampled items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tanemaki.core.errors import RecipeError
from tanemaki.core.seeding import Draw, Name
from tanemaki.judge.agreement import Agreement, Coefficient, Units, counted

N_RESAMPLES = 1000
"""Usual for percentile intervals at 95 %: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), section 13."""
_MOST_DRAWS = 1_000_000  # about a second
_FEWEST_RESAMPLES = 100  # percentiles of 95 % then rest on two or three resamples at either end
_MOST_UNDEFINED = 0.1  # share of resamples; ours: beyond it the interval would tell of the lucky ones alone


def enough_resamples(n_items: int) -> int:
    """Return how many resamples do for so many items: 1,000, and of more than 1,000 items fewer, 100 at least.

    With many items the interval is narrow, and the noise of fewer resamples is small beside what it tells.

    >>> enough_resamples(60), enough_resamples(5_000), enough_resamples(64_000)
    (1000, 200, 100)
    """
    return min(N_RESAMPLES, max(_FEWEST_RESAMPLES, _MOST_DRAWS // max(n_items, 1)))


def with_interval(
    units: Units,
    coefficient: Coefficient,
    *names: Name,
    n_resamples: int = N_RESAMPLES,
    confidence: float = 0.95,
) -> Agreement:
    """Return the coefficient of all items, with its percentile interval over resampled items.

    Items are drawn with putting back, as many as there are; raters are not resampled. The draws depend on ``names`` alone,
    and not on the order of the items. No interval comes with a coefficient that has no value, with a single item, or where
    it has none in more than a tenth of the resamples (``n_undefined`` tells how many).

    Raises: ``RecipeError`` for fewer than 40 resamples, or a confidence outside 0 to 1.
    Cost: ``n_resamples`` passes over the items, one draw an item: about a second for 1,000 × 1,000.
    Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), section 13.3. Differs: Krippendorff's own
    bootstrap draws pairs of labels from the coincidence matrix, which takes the pairs of an item for independent.

    >>> from tanemaki.judge.agreement import krippendorff_alpha
    >>> told = with_interval([("A", "A"), ("B", "B"), ("A", "B")] * 20, krippendorff_alpha, "例")
    >>> told.low < told.value < told.high
    True
    """
    if n_resamples < 40 or not 0 < confidence < 1:  # noqa: PLR2004 - the tails of 95 % hold one resample each
        raise RecipeError(
            "an interval wants 40 resamples or more and a confidence between 0 and 1",
            got=f"n_resamples {n_resamples}, confidence {confidence}",
        )
    counts = counted(units)
    kinds = sorted(counts, key=repr)
    items = [place for place, kind in enumerate(kinds) for _ in range(counts[kind])]
    whole = coefficient(counts)
    if whole.value is None or len(items) == 1:
        return whole
    values = []
    for number in range(n_resamples):
        draw = Draw(*names, "bootstrap", number)
        drawn = Counter(items[draw.below(len(items))] for _ in items)
        value = coefficient({kinds[place]: n for place, n in drawn.items()}).value
        if value is not None:
            values.append(value)
    n_undefined = n_resamples - len(values)
    if n_undefined > _MOST_UNDEFINED * n_resamples:
        return replace(whole, n_undefined=n_undefined)
    values.sort()
    tail = (1 - confidence) / 2
    return replace(
        whole, low=_quantile(values, tail), high=_quantile(values, 1 - tail), n_undefined=n_undefined
    )


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Interpolated between neighbours, as NumPy and R do by default (Hyndman and Fan's type 7)."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
