"""The golden file of a recipe: a few records with scripted replies and what becomes of them.

It is test, gallery and preview at once. One JSON object a line::

    {"name": "…", "language": "ja", "id": "…", "options": {…}, "fields": {…}, "replies": ["…"], "expected": {…}}
    {"name": "…", "language": "ja", "id": "…", "options": {…}, "fields": {…}, "replies": ["…"],
     "rejected": {"reason": "cut", "step": "messages", "note": "turn 1, question"}}

Where records have children, or look at one another (group, ordered, set, draws), a line holds several::

    {"name": "…", "language": "ja", "options": {…}, "rows": [{"id": "…", "fields": {…}}, …], "replies": ["…"],
     "ends": [{"expected": {…}}, {"rejected": {"reason": "…", "step": "…", "note": "…"}}, …]}

``ends`` are those of all records in the order of their ordinals (1, 1.1, 1.2, 2 …), children among them; a record that
became its children, or went into its parent, has none. Replies stand in the order of a walk without haste: record by
record, a child with all of its own before the next one, the group step after the last of them; a set step waits for all.

A reply is a text, or an object in the form of ``Reply.to_json`` where it ends otherwise than by itself. ``fields`` is
what the source gives, ``expected`` every field of the accepted record. Draws are those of seed 0 and the stated ids.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tanemaki.core.errors import RecipeError, shorten
from tanemaki.core.model import Reply
from tanemaki.core.record import Json, Record

_ONE = frozenset({"id", "fields"})
_END = frozenset({"expected", "rejected"})
_ALWAYS = frozenset({"name", "language", "replies"})


@dataclass(frozen=True, slots=True)
class GoldenEnd:
    """What becomes of one record. Either ``expected`` or ``rejected`` is there."""

    expected: Mapping[str, Json] | None = None
    rejected: Mapping[str, str] | None = None
    """``reason``, ``step``, and how the verdict's ``note`` begins."""


@dataclass(frozen=True, slots=True)
class Golden:
    """One line of a golden file: records that go through the recipe together, and how each of them ends."""

    name: str
    language: str
    records: tuple[Record, ...]
    options: Mapping[str, Any]
    replies: tuple[Reply, ...]
    ends: tuple[GoldenEnd, ...]
    """In the order of the ordinals."""
    has_rows: bool = False
    """It is written with ``rows`` and ``ends``."""

    @property
    def record(self) -> Record:
        """The first record."""
        return self.records[0]

    @property
    def expected(self) -> Mapping[str, Json] | None:
        """Fields of the first accepted record; None if all are rejected."""
        return next((end.expected for end in self.ends if end.expected is not None), None)

    @property
    def rejected(self) -> Mapping[str, str] | None:
        """The rejection, where it is the only end."""
        return self.ends[0].rejected if len(self.ends) == 1 else None


def golden(folder: Path) -> tuple[Golden, ...]:
    """Return the rows of ``folder/golden.jsonl``, none if there is no such file.

    Raises ``RecipeError`` with the line for a row that is not in one of the forms above.

    >>> golden(Path("/nowhere"))
    ()
    """
    path = folder / "golden.jsonl"
    if not path.is_file():
        return ()
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return tuple(
        _row(line, f"{folder.name}/golden.jsonl:{number}", number) for number, line in lines if line.strip()
    )


def _row(line: str, where: str, number: int) -> Golden:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise RecipeError("not one JSON object", where=where, got=shorten(line), next=str(error)) from error
    if not isinstance(row, dict) or not (_is_one(row) or _is_several(row)):
        raise RecipeError(
            "a golden row has other keys than it should",
            where=where,
            got=", ".join(row) if isinstance(row, dict) else shorten(row),
            next="name, language, replies, options where there are some; id, fields, and either expected or rejected;"
            " or rows (id, fields) with ends (each expected or rejected)",
        )
    has_rows = "rows" in row
    numbered = enumerate(row["rows"], 1) if has_rows else [(number, row)]
    return Golden(
        name=row["name"],
        language=row["language"],
        records=tuple(Record(one["id"], (n,), one["fields"], parents=(one["id"],)) for n, one in numbered),
        options=row.get("options", {}),
        replies=tuple(_reply(reply) for reply in row["replies"]),
        ends=tuple(
            GoldenEnd(end.get("expected"), end.get("rejected"))
            for end in (row["ends"] if has_rows else [row])
        ),
        has_rows=has_rows,
    )


def _is_one(row: Mapping[str, Json]) -> bool:
    return _has(row, _ALWAYS | _ONE) and not set(row) - (_ALWAYS | _ONE | _END | {"options"}) and _is_end(row)


def _is_several(row: Mapping[str, Json]) -> bool:
    wanted = _ALWAYS | {"rows", "ends"}
    return (
        _has(row, wanted)
        and not set(row) - (wanted | {"options"})
        and bool(row["rows"])
        and all(set(one) == _ONE for one in row["rows"])
        and all(not set(end) - _END and _is_end(end) for end in row["ends"])
    )


def _has(row: Mapping[str, Json], names: frozenset[str]) -> bool:
    return names <= set(row)


def _is_end(row: Mapping[str, Json]) -> bool:
    return ("expected" in row) != ("rejected" in row)


def _reply(stored: Json) -> Reply:
    if isinstance(stored, str):
        return Reply(stored)
    return Reply.from_json({"finish_reason": "stop", **stored})
