"""Rows into Parquet, in the order in which they come, with the columns that were declared.

DuckDB writes the files from newline-delimited JSON that lies beside them while it is needed (:mod:`.spool`). Nothing is
inferred: a column that is null everywhere keeps its type, and no rows at all make a file with typed columns. Equal rows make
equal bytes. Memory stays flat: it depends on the longest row, not on their number.

``messages`` are lists of structures with ``role`` and ``content``, as ``datasets`` and the usual trainers read them; the
members ``name``, ``tool_calls`` (``arguments`` as a JSON text), ``tool_call_id`` and ``extra`` (all else, a JSON text) are
there only in a dataset that uses them, because many chat templates take a present but empty ``tool_calls`` for a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tanemaki.core.errors import SetupError
from tanemaki.core.record import Json
from tanemaki.datasets.spool import MESSAGE_MEMBERS, ColumnType, Spool

SHARD_BYTES = 500_000_000
"""Bytes of rows as JSON that go into one file; the Hub advises files of about 500 MB, and Parquet is smaller."""
_GROUP_BYTES = (
    8_000_000  # a row group is held in memory several times while it is written; the Hub's limit is 100 MB
)
_MEMORY_MB = 256  # DuckDB's own limit while rows are short; it writes such groups well within it

_TYPES: Mapping[ColumnType, str] = {
    "text": "VARCHAR",
    "json": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "texts": "VARCHAR[]",
    "origins": "STRUCT(id VARCHAR, licence VARCHAR, url VARCHAR, span VARCHAR)[]",
}
_MEMBERS = {
    "name": '"name" VARCHAR',
    "tool_calls": '"tool_calls" STRUCT("id" VARCHAR, "type" VARCHAR, '
    '"function" STRUCT("name" VARCHAR, "arguments" VARCHAR))[]',
    "tool_call_id": '"tool_call_id" VARCHAR',
    "extra": '"extra" VARCHAR',
}


@dataclass(frozen=True, slots=True)
class Written:
    """What :func:`write_shards` wrote."""

    n_rows: int
    paths: tuple[Path, ...]


def write_parquet(
    rows: Iterable[Mapping[str, Json]],
    columns: Mapping[str, ColumnType],
    path: Path,
    *,
    replace: bool = False,
) -> int:
    """Write the rows into one Parquet file and return their number.

    The file appears whole or not at all. A missing field is null. Raises ``DataError`` for a row that does not fit the
    columns, ``SetupError`` if the file is there (unless ``replace``) or cannot be written.

    Cost: one pass in Python and one in DuckDB, on one core; disk for the rows as JSON while it works.
    """
    _refuse([path], replace=replace)
    with _told(path), ExitStack() as stack:
        spool = Spool(_beside(path, ".rows"), _checked(columns))
        stack.callback(spool.path.unlink, missing_ok=True)
        with spool:
            for number, row in enumerate(rows):
                spool.add(row, number)
        part = _beside(path, ".part")
        stack.callback(part.unlink, missing_ok=True)
        _convert(spool, part, spool.members)
        _refuse([path], replace=replace)
        part.replace(path)
    return spool.n_rows


def write_shards(
    rows: Iterable[Mapping[str, Json]],
    columns: Mapping[str, ColumnType],
    folder: Path,
    *,
    shard_bytes: int = SHARD_BYTES,
    replace: bool = False,
) -> Written:
    """Write the rows into ``folder`` as ``train-00000-of-0000N.parquet`` and so on, as the Hub lays them out.

    ``replace`` takes away the shards that were there, but only when all new ones are complete. Raises as
    :func:`write_parquet` does.
    """
    old = sorted(folder.glob("train-*-of-*.parquet"))
    _refuse(old, replace=replace)
    with _told(folder), ExitStack() as stack:
        folder.mkdir(parents=True, exist_ok=True)
        for left_by_a_kill in folder.glob(".train-*"):
            left_by_a_kill.unlink()
        spools = _fill(rows, _checked(columns), folder, shard_bytes, stack)
        members = {
            name: set[str]().union(*(spool.members[name] for spool in spools)) for name in spools[0].members
        }
        parts = []
        for spool in spools:
            part = spool.path.with_suffix(".part")
            stack.callback(part.unlink, missing_ok=True)
            _convert(spool, part, members)
            spool.path.unlink()
            parts.append(part)
        for path in old:
            path.unlink()
        paths = tuple(folder / f"train-{at:05}-of-{len(parts):05}.parquet" for at in range(len(parts)))
        for part, path in zip(parts, paths, strict=True):
            part.replace(path)
    return Written(sum(spool.n_rows for spool in spools), paths)


def _fill(
    rows: Iterable[Mapping[str, Json]],
    columns: Mapping[str, ColumnType],
    folder: Path,
    shard_bytes: int,
    stack: ExitStack,
) -> list[Spool]:
    spools: list[Spool] = []
    left: Iterator[tuple[int, Mapping[str, Json]]] = enumerate(rows)
    more = True
    while more:
        spool = Spool(folder / f".train-{len(spools):05}.rows", columns)
        stack.callback(spool.path.unlink, missing_ok=True)
        more = False
        with spool:
            for number, row in left:
                spool.add(row, number)
                if spool.size_bytes >= shard_bytes:
                    more = True
                    break
        if spool.n_rows or not spools:
            spools.append(spool)
    return spools


def _checked(columns: Mapping[str, ColumnType]) -> Mapping[str, ColumnType]:
    folded: dict[str, str] = {}
    for name in columns:
        if not name or "\0" in name:
            raise SetupError("a column needs a name", got=repr(name))
        # DuckDB and most readers of Parquet do not tell 'Answer' from 'answer'
        if name.lower() in folded:
            raise SetupError(
                "two columns differ only in capital letters",
                got=f"{folded[name.lower()]!r} and {name!r}",
                next="rename one",
            )
        folded[name.lower()] = name
    if not columns:
        raise SetupError("a dataset needs at least one column")
    return columns


def _refuse(paths: Sequence[Path], *, replace: bool) -> None:
    found = [path for path in paths if path.exists()]
    if found and not replace:
        raise SetupError(
            "the file is there already and is not overwritten",
            where=str(found[0]),
            next="choose another folder, or say that it is to be replaced",
        )


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f".{path.name}{ending}")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn a full disk and the like into one sentence."""
    import duckdb

    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise SetupError(
            "the dataset could not be written; nothing that was there is lost",
            where=str(path),
            got=str(error).splitlines()[0],
            next="make room or choose another folder, and export again: nothing is paid twice",
        ) from error


def _convert(spool: Spool, part: Path, members: Mapping[str, set[str]]) -> None:
    import duckdb

    longest_mb = spool.longest_bytes // 1_000_000 + 1
    mean_bytes = max(1, spool.size_bytes // max(1, spool.n_rows))
    group_rows = max(64, min(122_880, _GROUP_BYTES // mean_bytes))
    fields = ", ".join(
        f"{_quoted(name)}: {_literal(_type(kind, members.get(name, set())))}"
        for name, kind in spool.columns.items()
    )
    with duckdb.connect(":memory:") as connection:
        # one thread: rows stay in order, and memory does not grow with the machine
        connection.execute("SET threads = 1")
        connection.execute(f"SET memory_limit = '{_MEMORY_MB + 8 * longest_mb}MB'")
        connection.execute("SET temp_directory = ''")
        connection.execute(
            f"COPY (SELECT * FROM read_json({_literal(str(spool.path))}, format = 'newline_delimited', "
            f"auto_detect = false, compression = 'none', maximum_object_size = {16_777_216 + 2 * spool.longest_bytes}, "
            f"columns = {{{fields}}})) TO {_literal(str(part))} "
            f"(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {group_rows})"
        )


def _type(kind: ColumnType, members: set[str]) -> str:
    if kind != "messages":
        return _TYPES[kind]
    used = [_MEMBERS[name] for name in MESSAGE_MEMBERS if name in members]
    return f"STRUCT({', '.join(['role VARCHAR', 'content VARCHAR', *used])})[]"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
