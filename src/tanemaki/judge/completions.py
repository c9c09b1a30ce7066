"""Rated answers in the form in which UltraFeedback is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import ClassVar

from tanemaki.core.record import FieldType, Json, Record
from tanemaki.judge.scores_fit import ratings_of

GATHERED = ("principle", "custom_system_prompt", "aspects_parts")
CRITICISED = ("overall_score", "overall_score_rationale")
"""What each of the gathered answers must hold besides ``answer`` and ``answerer``; the second where there is a critique."""


@dataclass(frozen=True, slots=True)
class Completions:
    """Write ``completions``, one object for each gathered answer, and ``models``, who wrote them, in the same order.

    An object holds ``model`` (the role that answered), ``principle``, ``custom_system_prompt``, ``response``,
    ``annotations`` (aspect → ``rating`` from 1 to 5, or None for N/A, and ``rationale``), ``critique`` and ``overall_score``
    (1 to 10; both None without a critique), and ``fine_grained_score``, the mean of the ratings that apply.

    Cost: none.
    Source: "UltraFeedback" (arXiv 2310.01377; the columns of the published set). Differs: ratings are numbers, N/A is None;
    ``fine_grained_score`` is written with an underscore.

    >>> Completions().reads, sorted(Completions().writes)
    (('answers',), ['completions', 'models'])
    """

    name: ClassVar[str] = "completions"
    reads: ClassVar[tuple[str, ...]] = ("answers",)
    writes: ClassVar[Mapping[str, FieldType]] = {"models": "texts", "completions": "json"}

    def __call__(self, record: Record) -> Mapping[str, Json]:
        """Give the columns."""
        told = [_completion(one) for one in record["answers"]]
        return {"models": [one["model"] for one in told], "completions": told}


def _completion(answer: Mapping[str, Json]) -> dict[str, Json]:
    parts = answer["aspects_parts"]
    rated = parts["aspects"] or {"overall": parts["overall"]}
    annotations = {
        name: {"rating": rating, "rationale": parts["rationales"][name]} for name, rating in rated.items()
    }
    return {
        "model": answer["answerer"],
        "principle": answer["principle"],
        "custom_system_prompt": answer["custom_system_prompt"],
        "response": answer["answer"],
        "annotations": annotations,
        "critique": answer.get("overall_score_rationale"),
        "overall_score": answer.get("overall_score"),
        "fine_grained_score": fmean(ratings_of(parts).values()),
    }
