"""An overall score beside the ratings of single aspects: rows where the two do not fit rank nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from tanemaki.core.judging import Scale
from tanemaki.core.record import Json, Record
from tanemaki.core.verdict import Reject
from tanemaki.judge.alarm import is_alarming
from tanemaki.judge.aspects import ONE_TO_FIVE


@dataclass(frozen=True, slots=True)
class ScoresFit:
    """Keep records whose overall score fits the ratings of the aspects; one of the two is wrong in the others.

    An overall score that lies half of its scale or more away from the mean of the aspects raises the alarm
    (:func:`~tanemaki.judge.alarm.is_alarming`), in either direction. Nothing is mended: nobody knows which one is wrong.

    Reasons: ``scores_disagree`` (measured: the overall score; limit: the mean of the aspects; note: the ratings).
    Cost: none.
    Source: "UltraFeedback" (arXiv 2310.01377), whose repair sets an overall score of 10 to 1 where the mean of the aspects
    is 2 or less, and asks again up to 4. Differs: told for both directions and any two scales; the row is set aside.

    >>> from tanemaki.judge.single import ONE_TO_TEN
    >>> fit = ScoresFit("overall_score", on=ONE_TO_TEN, beside="aspects_parts")
    >>> parts = {"aspects": {"honesty": 1.0, "truthfulness": 1.0}, "overall": None}
    >>> fit(Record("a", (1,), {"overall_score": 10.0, "aspects_parts": parts}))
    Reject(reason='scores_disagree', measured=10.0, limit=1.0, note='honesty 1, truthfulness 1')
    """

    overall: str
    """The field with the overall score."""
    on: Scale
    """Its scale."""
    beside: str
    """The field with the parts of an :class:`~tanemaki.judge.aspects.Aspects` judge."""
    name: str = dataclasses.field(default="scores_fit", init=False)
    reasons: tuple[str, ...] = dataclasses.field(default=("scores_disagree",), init=False)

    @property
    def reads(self) -> tuple[str, ...]:
        """Both judgements."""
        return (self.overall, self.beside)

    def __call__(self, record: Record) -> Record | Reject:
        """Give the record back, or say that its scores disagree."""
        ratings = ratings_of(record[self.beside])
        if not is_alarming(record[self.overall], self.on, list(ratings.values()), ONE_TO_FIVE):
            return record
        told = ", ".join(f"{name} {rating:g}" for name, rating in ratings.items())
        return Reject("scores_disagree", record[self.overall], round(fmean(ratings.values()), 2), told)


def ratings_of(parts: Mapping[str, Json]) -> dict[str, float]:
    """Return the ratings that apply, by aspect; the overall rating where no aspect was asked for.

    >>> ratings_of({"aspects": {"honesty": None, "helpfulness": 4.0}, "overall": None})
    {'helpfulness': 4.0}
    """
    rated = parts["aspects"] or {"overall": parts["overall"]}
    return {name: rating for name, rating in rated.items() if rating is not None}
