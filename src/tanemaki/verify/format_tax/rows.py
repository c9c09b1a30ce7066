"""Rows of the probe, read once into one form: what the report takes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tanemaki.core.errors import DataError, shorten
from tanemaki.verify.format_tax.options import N_OPTIONS
from tanemaki.verify.format_tax.ways import FIXED, WAYS, Way


@dataclass(frozen=True, slots=True)
class Graded:
    """What a model said in one way."""

    place: int | None
    """The option that it chose, from 1; None where it chose none."""
    why: str | None
    """Why it chose none."""
    obeyed: bool | None
    """Whether the reply had the ordered form; None where none was ordered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One item in one order of its options, asked in all ways."""

    model: str
    problem: str
    """Its text: several orders of one problem hang together."""
    right_place: int
    options: tuple[str, ...]
    by_way: Mapping[Way, Graded]
    probable: int | None = None
    """The option whose number was the most probable."""
    mass: float | None = None
    """Probability of the options' numbers together, 0 to 1; None where it was not told."""

    def is_right(self, way: Way) -> bool:
        """Whether the right option was chosen; no choice is wrong."""
        return self.by_way[way].place == self.right_place


def read_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Asked, ...]:
    """Return the rows of one run, or of several, in one form.

    The column ``model_name`` tells models apart, and where there is none the lineage.
    Raises ``DataError`` with the row's number for a missing column, and for a place that is none.

    >>> row = {
    ...     "prompt": "1+8は？",
    ...     "options": ["7", "8", "9", "10", "11"],
    ...     "right_place": 3,
    ...     "strict_choice": 4,
    ... }
    >>> row |= {"strict_obeyed": True, "free_choice": 3, "reasoned_choice": None, "reasoned_obeyed": False}
    >>> (one,) = read_rows([row])
    >>> one.model, one.is_right("strict"), one.is_right("free"), one.by_way["reasoned"].place
    ('model', False, True, None)
    """
    return tuple(_read(row, f"row {number}") for number, row in enumerate(rows, 1))


def _read(row: Mapping[str, Any], where: str) -> Asked:
    wanted = [
        "prompt",
        "options",
        "right_place",
        *(f"{way}_choice" for way in WAYS),
        *(f"{way}_obeyed" for way in FIXED),
    ]
    missing = next((column for column in wanted if column not in row), None)
    if missing is not None:
        raise DataError(
            f"a row of the probe lacks the column {missing!r}",
            where=where,
            got=", ".join(row),
            next="rows of a run of the recipe format_tax have it",
        )
    by_way = {
        way: Graded(
            _place(row[f"{way}_choice"], f"{way}_choice", where),
            row.get(f"{way}_why"),
            bool(row[f"{way}_obeyed"]) if way in FIXED else None,
        )
        for way in WAYS
    }
    right = _place(row["right_place"], "right_place", where)
    if right is None:
        raise DataError("a row of the probe has a right option", where=where, got="right_place null")
    return Asked(
        model=row.get("model_name") or _model(row.get("lineage")) or "model",
        problem=row["prompt"],
        right_place=right,
        options=tuple(row["options"]),
        by_way=by_way,
        probable=_place(row.get("probable_choice"), "probable_choice", where),
        mass=_mass(row.get("option_shares")),
    )


def _model(lineage: Any) -> str:
    """Return the model that a run's lineage names; several, where several answered."""
    told = json.loads(lineage) if isinstance(lineage, str) else lineage or {}
    return ", ".join(sorted({str(call["model"]) for call in told.get("calls", ())}))


def _mass(shares: Any) -> float | None:
    told = json.loads(shares) if isinstance(shares, str) else shares
    return None if told is None else min(1.0, math.fsum(told.values()))


def _place(value: Any, column: str, where: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= N_OPTIONS:
        raise DataError(
            f"{column} is a place from 1 to {N_OPTIONS}, or null", where=where, got=shorten(value)
        )
    return value
