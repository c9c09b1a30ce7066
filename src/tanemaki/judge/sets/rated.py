"""Several rated answers of one prompt, as UltraFeedback and distilabel publish them: the best and the worst as a pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from tanemaki.core.errors import DataError, shorten
from tanemaki.core.record import Json
from tanemaki.judge.alarm import TO_FIVE, TO_TEN, is_alarming
from tanemaki.text.ratings import read_score

_TEXTS = ("response", "completion", "generation", "text")
_MODELS = ("model", "model_name")


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """One answer with what the set says of it."""

    text: str
    score: float | None
    """The overall score, else the mean of the aspects; None where neither can be read."""
    model: str | None = None
    alarm: bool = False
    """The overall score contradicts the aspects."""


def best_and_worst(answers: Sequence[RatedAnswer]) -> tuple[RatedAnswer, RatedAnswer]:
    """Return the answer with the highest score and the one with the lowest; of equal ones the earlier.

    Both have the same score where all have: the pair is a tie then. Raises ``DataError`` for fewer than two that differ in
    text and have a score.

    >>> best, worst = best_and_worst(
    ...     [RatedAnswer("桜です。", 9), RatedAnswer("柿です。", 2), RatedAnswer("？", None)]
    ... )
    >>> best.text, worst.text
    ('桜です。', '柿です。')
    """
    scored = [one for one in answers if one.score is not None]
    if len({one.text.strip() for one in scored}) < 2:  # noqa: PLR2004 - a pair has two sides
        raise DataError(
            "fewer than two answers that differ and have a score", got=f"{len(scored)} with a score"
        )
    best = max(scored, key=lambda one: one.score or 0.0)
    worst = min(
        (one for one in scored if one.text.strip() != best.text.strip()), key=lambda one: one.score or 0.0
    )
    return best, worst


def read_completions(value: Json) -> list[RatedAnswer]:
    """Return the answers of a list of objects with a text, a model, an overall score and annotations by aspect.

    Scores are read strictly: ``N/A``, ``1/10`` of another scale and words are none. Raises ``DataError``.

    Source: the published form of UltraFeedback (arXiv 2310.01377). Fault 13: overall scores of 1/10 had become 10; an
    overall score that contradicts the aspects is an alarm here.

    >>> read_completions(
    ...     [{"response": "桜です。", "overall_score": 10, "annotations": {"honesty": {"Rating": "1"}}}]
    ... )
    [RatedAnswer(text='桜です。', score=10.0, model=None, alarm=True)]
    """
    if not isinstance(value, list | tuple):
        raise DataError("the answers are no list", got=shorten(value))
    return [_completion(one) for one in value]


def read_parallel(texts: Json, ratings: Json, models: Json = None) -> list[RatedAnswer]:
    """Return the answers of two or three lists of one length, as distilabel writes them. Raises ``DataError``."""
    if (
        not isinstance(texts, list | tuple)
        or not isinstance(ratings, list | tuple)
        or len(texts) != len(ratings)
    ):
        raise DataError("answers and ratings are no lists of one length", got=shorten([texts, ratings]))
    named = models if isinstance(models, list | tuple) and len(models) == len(texts) else [None] * len(texts)
    return [
        RatedAnswer(str(text), _number(rating, 0, 100), None if model is None else str(model))
        for text, rating, model in zip(texts, ratings, named, strict=True)
    ]


def _completion(one: Any) -> RatedAnswer:
    if not isinstance(one, Mapping):
        raise DataError("an answer of the list is no object", got=shorten(one))
    text = next((one[name] for name in _TEXTS if isinstance(one.get(name), str)), None)
    if text is None:
        raise DataError("an answer of the list has no text", got=shorten(one))
    aspects = list(_aspects(one.get("annotations")))
    overall = _number(one.get("overall_score", one.get("score")), 1, 10)
    score = overall if overall is not None else fmean(aspects) if aspects else None
    model = next((str(one[name]) for name in _MODELS if one.get(name)), None)
    alarm = overall is not None and is_alarming(overall, TO_TEN, aspects, TO_FIVE)
    return RatedAnswer(text, score, model, bool(alarm))


def _aspects(annotations: Json) -> Iterator[float]:
    for one in annotations.values() if isinstance(annotations, Mapping) else ():
        rated = one[0] if isinstance(one, list | tuple) and one else one  # some copies hold a list of one
        found = _number(
            rated.get("Rating", rated.get("rating")) if isinstance(rated, Mapping) else rated, 1, 5
        )
        if found is not None:
            yield found


def _number(value: Json, low: float, high: float) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if low <= value <= high else None
    return read_score(str(value), low, high, whole=False).value
