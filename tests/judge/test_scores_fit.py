"""An overall score that does not fit the ratings of the aspects sets the row aside, and says both numbers."""

from __future__ import annotations

import pytest

from tanemaki.core.record import Record
from tanemaki.core.verdict import Reject
from tanemaki.judge.scores_fit import ScoresFit, ratings_of
from tanemaki.judge.single import ONE_TO_TEN

FIT = ScoresFit("overall_score", on=ONE_TO_TEN, beside="parts")


def judged(score: float, *ratings: float | None, overall: float | None = None) -> Record:
    aspects = {f"aspect_{n}": rating for n, rating in enumerate(ratings, 1)}
    return Record("a", (1,), {"overall_score": score, "parts": {"aspects": aspects, "overall": overall}})


@pytest.mark.parametrize(
    ("score", "ratings"),
    [(10, (5, 5, 4, 5)), (1, (1, 1)), (5.5, (3,)), (10, (4, 3)), (1, (2, 2)), (8, (None, 4))],
)
def test_scores_that_fit_leave_the_record_as_it_is(score: float, ratings: tuple[float | None, ...]) -> None:
    record = judged(score, *ratings)
    assert FIT(record) is record


def test_an_overall_ten_beside_ones_is_the_famous_wrong_label() -> None:
    """Fault 13: overall scores of 10 stood beside aspects of 1, because "1/10" had been read as 10."""
    told = FIT(judged(10, 1, 1, None, 1))
    assert told == Reject("scores_disagree", 10, 1, "aspect_1 1, aspect_2 1, aspect_4 1")


def test_the_alarm_is_raised_in_the_other_direction_too() -> None:
    assert FIT(judged(1, 5, 4)) == Reject("scores_disagree", 1, 4.5, "aspect_1 5, aspect_2 4")


def test_half_of_the_scale_apart_is_too_far_and_a_little_less_is_not() -> None:
    assert isinstance(FIT(judged(10, 3)), Reject)
    assert isinstance(FIT(judged(9, 3)), Record)


def test_an_overall_rating_takes_the_aspects_place_where_none_was_asked_for() -> None:
    record = judged(10, overall=1)
    assert ratings_of(record["parts"]) == {"overall": 1}
    assert FIT(record) == Reject("scores_disagree", 10, 1, "overall 1")


def test_without_any_rating_that_applies_there_is_nothing_to_compare() -> None:
    assert isinstance(FIT(judged(10, None, None)), Record)
