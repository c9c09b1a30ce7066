"""Pairs whose sides are claimed before anybody judges, and what a judge says of the claim.

A strong model's answer is chosen, a weak one's rejected; nobody knows how many of such pairs are the wrong way round
unless a judge is asked. It may be asked to keep only what it bears out (:class:`BorneOut`), or to say how much it does
not (:func:`claimed_of`, for the report on judges).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tanemaki.core.judging import Judge
from tanemaki.core.record import Json, Record
from tanemaki.core.verdict import Reject

_NOTE_CHARS = 200  # of the judge's text; the whole of it is in the row's fields
_CLAIMED = "first"
"""The side of :class:`~tanemaki.judge.scoring.Compare` that is claimed to be better."""


@dataclass(frozen=True, slots=True)
class BorneOut:
    """Keep records in which the judge prefers the first side, the one that is claimed to be better.

    Reasons: ``claim_refuted`` (the second side won); ``tie`` and those of the judge, where nothing won. The note is what
    the judge wrote; the rejected row keeps ``winner`` and ``comparison``.
    Cost: none.
    Source: ours, for pairs as in Mitsuhashi's evolved Japanese preference set (chosen of a strong model, rejected of a weak
    checkpoint), which asks no judge.

    >>> from tanemaki.judge.pairwise import Pairwise
    >>> BorneOut(Pairwise())(
    ...     Record("a", (1,), {"winner": "second", "comparison": {"rationale": "Bがよい。"}})
    ... )
    Reject(reason='claim_refuted', measured='second', limit='first', note='Bがよい。')
    """

    judge: Judge
    """The one that compared: its reasons are this step's."""
    name: str = dataclasses.field(default="borne_out", init=False)
    reads: tuple[str, ...] = dataclasses.field(default=("winner", "comparison"), init=False)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Closed list of its rejections."""
        return tuple(dict.fromkeys(("claim_refuted", "tie", *self.judge.reasons)))

    def __call__(self, record: Record) -> Record | Reject:
        """Give the record back, or what became of the claim."""
        winner, said = record["winner"], record["comparison"]
        if winner == _CLAIMED:
            return record
        why = "claim_refuted" if winner == "second" else said["why"] or "tie"
        return Reject(why, winner, _CLAIMED, said["rationale"][:_NOTE_CHARS] or None)


def claimed_of(
    rows: Iterable[Mapping[str, Any]], prompt: str, first: str, second: str, judge: str = "judge"
) -> list[dict[str, Json]]:
    """Return the compared rows as ``trust`` and its report take them, with the claim as the ``label``.

    ``rows`` are those of the dataset, of its ``rejected.parquet``, or of both; ``prompt``, ``first`` and ``second`` name
    their columns, ``judge`` is what the report calls the judge. Rows that were never compared give none. The share of
    settled verdicts that are against the label is an estimate of how often the set is the wrong way round, as far as the
    judge can be believed.

    >>> row = {"asked": "春の花は？", "a": "桜です。", "b": "柿です。", "comparison": '{"score": 1.0}'}
    >>> claimed_of([row], "asked", "a", "b")[0]["label"]
    'first'
    """
    told = []
    for row in rows:
        fields = _read(row["fields"]) if "fields" in row else row
        if fields.get("comparison") is not None:
            texts = {"prompt": fields[prompt], "first": fields[first], "second": fields[second]}
            told.append(
                {**texts, "comparison": _read(fields["comparison"]), "label": _CLAIMED, "judge": judge}
            )
    return told


def _read(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str) else stored
