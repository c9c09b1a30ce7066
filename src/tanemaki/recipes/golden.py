"""The golden file of a recipe: a few records with scripted replies and what becomes of them.

It is test, gallery and preview at once. One JSON object a line::

    {"name": "…", "language": "ja", "id": "…", "options": {…}, "fields": {…}, "replies": ["…"], "expected": {…}}
    {"name": "…", "language": "ja", "id": "…", "options": {…}, "fields": {…}, "replies": ["…"],
     "rejected": {"reason": "cut", "step": "messages", "note": "turn 1, question"}}

A reply is a text, or an object in the form of ``Reply.to_json`` where it ends otherwise than by itself. ``fields`` is
what the source gives, ``expected`` every field of the accepted record. Draws are those of seed 0 and the stated id.
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

_KEYS = frozenset({"name", "language", "id", "options", "fields", "replies", "expected", "rejected"})


@dataclass(frozen=True, slots=True)
class Golden:
    """One row of a golden file. Either ``expected`` or ``rejected`` is there."""

    name: str
    language: str
    record: Record
    options: Mapping[str, Any]
    replies: tuple[Reply, ...]
    expected: Mapping[str, Json] | None
    rejected: Mapping[str, str] | None
    """``reason``, ``step``, and how the verdict's ``note`` begins."""


def golden(folder: Path) -> tuple[Golden, ...]:
    """Return the rows of ``folder/golden.jsonl``, none if there is no such file.

    Raises ``RecipeError`` with the line for a row that is not in the form above.

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
    lacking = {"name", "language", "id", "fields", "replies"} - set(row)
    if lacking or set(row) - _KEYS or ("expected" in row) == ("rejected" in row):
        raise RecipeError(
            "a golden row has other keys than it should",
            where=where,
            got=", ".join(row),
            next="name, language, id, fields, replies, and either expected or rejected; options where there are some",
        )
    return Golden(
        name=row["name"],
        language=row["language"],
        record=Record(row["id"], (number,), row["fields"], parents=(row["id"],)),
        options=row.get("options", {}),
        replies=tuple(_reply(reply) for reply in row["replies"]),
        expected=row.get("expected"),
        rejected=row.get("rejected"),
    )


def _reply(stored: Json) -> Reply:
    if isinstance(stored, str):
        return Reply(stored)
    return Reply.from_json({"finish_reason": "stop", **stored})
