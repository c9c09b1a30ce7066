"""Hand-made tables of texts that lie beside the tests, and turn records to try filters on."""

from __future__ import annotations

from pathlib import Path

from tanemaki.core.record import Json, Record

TESTS = Path(__file__).parent.parent


def read_texts(path: str) -> list[tuple[str, ...]]:
    """Return the rows of a table under tests/; ``\\n`` in a cell is a line break."""
    lines = (TESTS / path).read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line and not line.startswith("#")]
    return [tuple(row.replace("\\n", "\n").split("\t")) for row in rows[1:]]


def turn(text: Json, **fields: Json) -> Record:
    """Return a record as it holds one chat turn."""
    return Record("r1", (1,), {"text": text, **fields})
