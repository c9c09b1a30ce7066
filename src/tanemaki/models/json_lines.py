"""Read a JSON-lines file that the user wrote or recorded, and say of a bad line where it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tanemaki.core.errors import SetupError, shorten
from tanemaki.core.record import Json


class Line(NamedTuple):
    """One object of the file."""

    place: str
    """File and line number, as messages name them."""
    at: int
    """Where the line begins, in bytes."""
    read: dict[str, Json]


def read_json_lines(path: Path) -> Iterator[Line]:
    """Yield each object of the file; blank lines are passed over.

    Raises ``SetupError``, with file and line, for a file that cannot be read and a line that is not a JSON object.
    """
    import orjson

    at, place = 0, str(path)
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, start=1):
                place = f"{path}:{number}"
                if raw.strip():
                    yield Line(place, at, _read(raw, place))
                at += len(raw)
    except orjson.JSONDecodeError as error:
        raise SetupError(
            "the line is not JSON", where=place, got=f"{error}"[:200], next="one JSON object a line"
        ) from error
    except OSError as error:
        raise SetupError(f"the file cannot be read: {error.strerror}", where=str(path)) from error


def _read(raw: bytes, place: str) -> dict[str, Json]:
    import orjson

    read = orjson.loads(raw)
    if not isinstance(read, dict):
        raise SetupError("the line is not a JSON object", where=place, got=shorten(read))
    return read
