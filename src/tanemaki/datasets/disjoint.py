"""Do two data sets ask the same? A proof by hash that a test set was not trained on, and that rounds took fresh prompts.

A published loop evaluates on its training prompts, a published recipe mixes the test splits into the training mixture and
splits anew: nothing in the files shows it, and the measured gain is memory. Compare before training::

    check_disjoint({"train": Path("runs/a"), "test": Path("eval/test.jsonl")})
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from pathlib import Path

from tanemaki.core.errors import DataError, SetupError, shorten
from tanemaki.core.record import Json
from tanemaki.datasets.content import shards_of
from tanemaki.datasets.rounds import prompt_hash
from tanemaki.datasets.splits import prompt_of

Rows = Iterable[Mapping[str, Json]]
_ALONE = ("question", "instruction", "query")
"""Fields that ask, in rows whose answer is no text."""
_TALKS = ("prompt", "messages", "completion", "chosen", "rejected")
_TEXTS = ("question", "answer", "instruction", "input", "output", "query")
_READ = (*_TALKS, *_TEXTS)
_SHOWN = 3  # shared prompts in a message


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two sets have in common."""

    first: str
    """Name of a set."""
    second: str
    n_first: int
    """Different prompts of the first set."""
    n_second: int
    shared: tuple[str, ...]
    """Prompts that both ask, as they are compared (normalised), in the order of the second set."""


def overlaps(sets: Mapping[str, Path | Rows]) -> list[Overlap]:
    """Return what every two of the sets have in common, also where that is nothing.

    A set is a run's folder, a Parquet or JSON-lines file, or rows. Prompts are compared by the hash of what the user says;
    width, case and white space do not count (:func:`~tanemaki.datasets.rounds.prompt_hash`). Raises ``SetupError`` for a set
    that is not there, or of which no row asks anything: nothing would be proved.

    Cost: one pass over each set; memory of some 100 bytes and the text for each different prompt.

    >>> [both] = overlaps({"train": [{"prompt": "葛とは？"}], "test": [{"question": "葛とは?", "answer": 1}]})
    >>> both.shared
    ('葛とは?',)
    """
    asked = {name: _prompts(name, given) for name, given in sets.items()}
    return [
        Overlap(
            one,
            other,
            len(asked[one]),
            len(asked[other]),
            tuple(text for key, text in asked[other].items() if key in asked[one]),
        )
        for one, other in combinations(asked, 2)
    ]


def check_disjoint(sets: Mapping[str, Path | Rows]) -> list[Overlap]:
    """Return the empty overlaps of the sets, or raise ``SetupError`` with the first prompts that two of them share.

    >>> [
    ...     (both.n_first, both.n_second)
    ...     for both in check_disjoint(
    ...         {"train": [{"prompt": "葛とは？"}], "test": [{"prompt": "寒天とは？"}]}
    ...     )
    ... ]
    [(1, 1)]
    """
    found = overlaps(sets)
    for both in found:
        if both.shared:
            raise SetupError(
                f"prompts of {both.second!r} are in {both.first!r}, too: {len(both.shared)}",
                where=f"{both.second}: {both.n_second} different prompts; {both.first}: {both.n_first}",
                got=", ".join(shorten(text, 60) for text in both.shared[:_SHOWN]),
                next="leave these rows out of one of them, or split by prompt (`splits` in the run file)",
            )
    return found


def check_splits(folder: Path) -> list[Overlap]:
    """Return the empty overlaps of the splits in a run's folder, or raise ``SetupError`` as :func:`check_disjoint` does."""
    splits: dict[str, list[Path]] = {}
    for path in shards_of(folder):
        splits.setdefault(path.name.split("-", 1)[0], []).append(path)
    return check_disjoint({name: chain.from_iterable(map(_parquet, paths)) for name, paths in splits.items()})


def read_rows(path: Path) -> Iterator[dict[str, Json]]:
    """Give the rows of a run's dataset (all splits), of a Parquet file or of a file of JSON lines, with the fields that ask.

    Raises ``SetupError`` where there is no such file, ``DataError`` for a line that is no JSON object.
    """
    if path.is_dir():
        shards = shards_of(path) or sorted(path.glob("*.parquet"))
        if not shards:
            raise SetupError(
                "no dataset in this folder",
                where=str(path),
                next="a run's folder, or a folder with Parquet files",
            )
        for shard in shards:
            yield from _parquet(shard)
    elif not path.is_file():
        raise SetupError("no such file or folder", where=str(path))
    elif path.suffix == ".parquet":
        yield from _parquet(path)
    else:
        yield from _json_lines(path)


def _parquet(path: Path) -> Iterator[dict[str, Json]]:
    import duckdb

    with duckdb.connect(":memory:") as connection:
        described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
        names = [str(row[0]) for row in described if row[0] in _READ]
        if not names:
            return
        wanted = ", ".join(f'"{name}"' for name in names)
        found = connection.execute(f"SELECT {wanted} FROM read_parquet(?)", [str(path)])
        while some := found.fetchmany(1000):
            yield from (dict(zip(names, row, strict=True)) for row in some)


def _json_lines(path: Path) -> Iterator[dict[str, Json]]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                raise DataError("a line is no JSON", where=f"{path}:{number}", got=shorten(line)) from error
            if not isinstance(row, dict):
                raise DataError("a line is no JSON object", where=f"{path}:{number}", got=shorten(row))
            yield row


def _prompts(name: str, given: Path | Rows) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    n_rows = 0
    for row in read_rows(given) if isinstance(given, Path) else given:
        n_rows += 1
        asked = _asked(row)
        if asked:
            found.setdefault(prompt_hash(asked), asked)
    if not found:
        raise SetupError(
            f"no row of {name!r} asks anything, so that nothing can be compared",
            where=str(given) if isinstance(given, Path) else None,
            got=f"{n_rows} rows",
            next=f"rows need one of the fields {', '.join(_READ)}",
        )
    return found


def _asked(row: Mapping[str, Json]) -> str:
    """Return what a row asks, normalised: also where its answer is no text, or is not there."""
    asked = prompt_of(row)
    if not asked:
        asked = next(
            (prompt_of({"prompt": row[name]}) for name in _ALONE if isinstance(row.get(name), str)), ""
        )
    return asked
