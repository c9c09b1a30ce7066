"""Rows that a judge compared, read once into one form: what all measurements of this folder take.

A row has ``prompt``, ``first`` and ``second``, the judge's ``comparison``, and what is known besides: ``judge`` (else the
column ``model_name``, as the rows of a run have it), ``label``
(which side is better in truth, or by the set's own claim), ``kind`` (what is wrong with the worse side), ``first_model`` and
``second_model``. A person's ``decision``, brought back from the queue of doubtful rows, goes before the ``label``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from tanemaki.core.errors import DataError, nearest, shorten
from tanemaki.core.prompt import show_value
from tanemaki.core.seeding import hex_id

Side = Literal["first", "second", "tie"]
Condition = Literal["asked", "swapped", "renamed"]
Row = Mapping[str, Any]
_EQUAL = 0.5  # core/judging.py: the middle of the scale COMPARISON


@dataclass(frozen=True, slots=True)
class Said:
    """One verdict of a judge: under which condition, and which side it is for."""

    condition: Condition
    repeat: int
    said: str | None
    """The letter: ``A``, ``B``, or ``C`` for a tie; None where none could be read."""
    why: str | None
    winner: Side | None
    """The letter as a side of the row."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison of two answers by one judge."""

    key: str
    """Names the pair by its texts, whoever judged it."""
    prompt: str
    first: str
    second: str
    judge: str
    score: float | None
    why: str | None
    verdicts: tuple[Said, ...]
    label: Side | None = None
    kind: str | None = None
    first_model: str | None = None
    second_model: str | None = None
    legal_mass: float | None = None
    """Probability on the legal options, 0 to 1; None where the judge does not tell it."""
    one_by_one: bool = False
    """The judge scored each answer alone: places and names cannot sway it."""

    @property
    def winner(self) -> Side | None:
        """The side that the score is for; a tie, where every verdict is one; None where the judge decided nothing."""
        if self.score is None:
            return "tie" if self.why == "tie" else None
        return "tie" if self.score == _EQUAL else "first" if self.score > _EQUAL else "second"

    @property
    def decided(self) -> bool:
        """The score is for one of the sides."""
        return self.winner in ("first", "second")

    def under(self, condition: Condition) -> dict[int, Said]:
        """The verdicts under a condition by their repeat."""
        return {one.repeat: one for one in self.verdicts if one.condition == condition}


def read_rows(rows: Iterable[Row]) -> tuple[Compared, ...]:
    """Return the rows in one form.

    Raises ``DataError`` with the row's number for a missing column, and for a condition, side or score that is none.

    >>> verdict = {"condition": "asked", "repeat": 0, "said": "A", "why": None, "winner": "first"}
    >>> row = {"prompt": "春の花は？", "first": "桜です。", "second": "柿です。", "label": "first"}
    >>> (one,) = read_rows([{**row, "comparison": {"score": 1.0, "why": None, "verdicts": [verdict]}}])
    >>> one.winner, one.judge, one.under("asked")[0].said
    ('first', 'judge', 'A')
    """
    return tuple(_read(row, f"row {number}") for number, row in enumerate(rows, 1))


def pair_key(prompt: Any, first: str, second: str) -> str:
    """Return the name of a pair: a hash of its three texts."""
    return hex_id(show_value(prompt), first, second)


def _read(row: Row, where: str) -> Compared:
    for column in ("prompt", "first", "second", "comparison"):
        if row.get(column) is None:
            raise DataError(
                f"a compared row lacks the column {column!r}",
                where=where,
                got=", ".join(row),
                next="judge the rows first: recipe judge_bench, or the step Compare",
            )
    said = row["comparison"]
    said = json.loads(said) if isinstance(said, str) else said
    score = said.get("score")
    if score is not None and not 0 <= score <= 1:
        raise DataError("a comparison's score lies from 0 to 1", where=where, got=repr(score))
    label = row.get("decision") or row.get("label") or None
    return Compared(
        key=pair_key(row["prompt"], row["first"], row["second"]),
        prompt=show_value(row["prompt"]),
        first=row["first"],
        second=row["second"],
        judge=row.get("judge") or row.get("model_name") or "judge",
        score=score,
        why=said.get("why"),
        verdicts=tuple(_said(one, where) for one in said.get("verdicts") or ()),
        label=None if label is None else _one_of(label, Side, "label", where),
        kind=row.get("kind") or None,
        first_model=row.get("first_model") or None,
        second_model=row.get("second_model") or None,
        legal_mass=said.get("legal_mass"),
        one_by_one="scores" in said,
    )


def _said(verdict: Mapping[str, Any], where: str) -> Said:
    winner = verdict["winner"]
    return Said(
        condition=_one_of(verdict["condition"], Condition, "condition", where),
        repeat=verdict["repeat"],
        said=verdict["said"],
        why=verdict["why"],
        winner=None if winner is None else _one_of(winner, Side, "winner", where),
    )


def _one_of(word: str, known: Any, what: str, where: str) -> Any:
    words = get_args(known)
    if word not in words:
        near = nearest(str(word), words)
        raise DataError(
            f"the {what} of a compared row is none",
            where=where,
            got=shorten(word),
            next=f"did you mean {near!r}?" if near else f"one of {', '.join(words)}",
        )
    return word
