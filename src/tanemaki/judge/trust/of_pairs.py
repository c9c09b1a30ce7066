"""What a judge said while pairs were made, as compared rows: from the dataset, and from the rejected rows, which say most.

A judge that contradicts itself leaves no row in a dataset of pairs, so that its accepted rows alone would flatter it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tanemaki.core.record import Json

Row = Mapping[str, Any]
_STEP = "comparisons"
"""The step, and the field, of :class:`tanemaki.judge.comparing.CompareAnswers`."""


def compared_of(rows: Iterable[Row]) -> list[dict[str, Json]]:
    """Return a compared row for each comparison, and of a panel for each of its judges: what ``trust`` and its report take.

    ``rows`` are those of a dataset of pairs, of its ``rejected.parquet`` (with the column ``fields``), or of both; rows in
    which nothing was compared give none. Judges and answerers are called by their models, as lineage tells them, else by
    their roles.

    >>> verdict = {"condition": "asked", "repeat": 0, "said": "A", "why": None, "winner": "first"}
    >>> said = {"first": 1, "second": 0, "score": 1.0, "why": None, "verdicts": [verdict]}
    >>> answers = [{"answer": "柿です。", "answerer": "弱"}, {"answer": "桜です。", "answerer": "強"}]
    >>> (one,) = compared_of([{"prompt": "春の花は？", "answers": answers, "comparisons": [said]}])
    >>> one["first"], one["second_model"], one["judge"]
    ('桜です。', '弱', 'judge')
    """
    return [one for row in rows for one in _of_row(row)]


def _of_row(row: Row) -> Iterator[dict[str, Json]]:
    fields = _read(row["fields"]) if "fields" in row else row
    if not fields.get(_STEP):
        return
    calls = (_read(row.get("lineage")) or {}).get("calls", ())
    models = {call["role"]: call["model"] for call in calls}
    asked = next((call["role"] for call in calls if call["step"] == _STEP), "judge")
    answers = _read(fields["answers"])
    for one in _read(fields[_STEP]):
        sides = {side: answers[one[side]] for side in ("first", "second")}
        pair = {"prompt": fields["prompt"], **{side: answer["answer"] for side, answer in sides.items()}}
        for side, answer in sides.items():
            pair[f"{side}_model"] = models.get(answer["answerer"], answer["answerer"])
        for role, said in _judges(one, asked):
            yield pair | {"judge": models.get(role, role), "comparison": said}


def _judges(comparison: Row, asked: str) -> Iterator[tuple[str, dict[str, Json]]]:
    """Give each judge's role with what it said."""
    if "judges" not in comparison:
        yield asked, dict(comparison)
    for role, said in comparison.get("judges", {}).items():
        yield role, {"score": said["score"], "why": said["why"], **said["parts"]}


def _read(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str) else stored
