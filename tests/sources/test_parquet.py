"""Parquet: declared types, the files' own order, whatever DuckDB may hold turned into JSON."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import duckdb
import pytest

from support.sources import bad_of, fields_of, notes_of, opened
from tanemaki.core.errors import SetupError
from tanemaki.core.record import Origin
from tanemaki.core.seeding import hex_id
from tanemaki.core.source import Item
from tanemaki.datasets.parquet import write_parquet, write_shards
from tanemaki.datasets.spool import ColumnType


def make(path: Path, select: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")


def test_types_are_those_that_the_file_declares(tmp_path: Path) -> None:
    make(
        tmp_path / "t.parquet",
        "SELECT 7::INTEGER AS i, 'あ' AS t, 0.5::FLOAT AS f, true AS b, ['x'] AS l, NULL::BIGINT AS nothing, "
        "DATE '2024-04-01' AS d, TIMESTAMP '2024-04-01 12:00:00' AS ts, 10.50::DECIMAL(10,2) AS yen, "
        "'ab'::BLOB AS raw, {'a': 1, 'b': [DATE '2024-04-01']} AS s, "
        "MAP {'鍵': 1} AS m",
    )
    source = opened(tmp_path, "parquet", path="t.parquet")
    assert source.columns == {
        "i": "integer",
        "t": "text",
        "f": "number",
        "b": "boolean",
        "l": "texts",
        "nothing": "integer",
        "d": "text",
        "ts": "text",
        "yen": "text",
        "raw": "text",
        "s": "json",
        "m": "json",
    }
    assert fields_of(source) == [
        {
            "i": 7,
            "t": "あ",
            "f": 0.5,
            "b": True,
            "l": ["x"],
            "nothing": None,
            "d": "2024-04-01",
            "ts": "2024-04-01T12:00:00",
            "yen": "10.50",
            "raw": "YWI=",
            "s": {"a": 1, "b": ["2024-04-01"]},
            "m": {"鍵": 1},
        }
    ]
    assert "column 'yen' (DECIMAL(10,2)) is read as text" in notes_of(source)
    assert bad_of(source) == []


def test_rows_come_in_the_order_of_the_file_and_from_any_place(tmp_path: Path) -> None:
    make(tmp_path / "b.parquet", "SELECT 5000 + i AS n FROM range(5000) r(i)")
    make(tmp_path / "a.parquet", "SELECT i AS n FROM range(5000) r(i)")
    source = opened(tmp_path, "parquet", path=".")
    assert [row["n"] for row in fields_of(source)] == list(range(10_000))
    assert source.size == 10_000
    for start in (1, 999, 1000, 4999, 5000, 5001, 9999, 10_000):
        assert [row["n"] for row in fields_of(source, start)] == list(range(start, 10_000))
    item = next(iter(source.items(5001)))
    assert isinstance(item, Item)
    assert item.sources == (Origin("b.parquet:2"),)


def test_our_own_dataset_can_be_a_source_again(tmp_path: Path) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    rows: list[dict[str, Any]] = [
        {
            "id": "a1",
            "messages": [
                {"role": "user", "content": "やあ"},
                {"role": "assistant", "content": None, "tool_calls": [call]},
            ],
            "sources": [Origin("x:1", "MIT")],
            "lineage": {"calls": []},
        },
        {
            "id": "a2",
            "messages": [{"role": "user", "content": "はい", "weight": 0}],
            "sources": [],
            "lineage": {},
        },
    ]
    columns: dict[str, ColumnType] = {
        "id": "text",
        "messages": "messages",
        "sources": "origins",
        "lineage": "json",
    }
    write_shards(rows, columns, tmp_path / "data")
    source = opened(tmp_path, "parquet", path="data")
    assert [row["messages"] for row in fields_of(source)] == [row["messages"] for row in rows]
    assert [row["source_id"] for row in fields_of(source)] == ["a1", "a2"]
    assert fields_of(source)[0]["source_sources"] == [
        {"id": "x:1", "licence": "MIT", "url": None, "span": None}
    ]
    assert fields_of(source)[0]["source_lineage"] == '{"calls":[]}'


def test_a_column_that_only_some_files_have_is_null_in_the_others(tmp_path: Path) -> None:
    make(tmp_path / "a.parquet", "SELECT 'x' AS t")
    make(tmp_path / "b.parquet", "SELECT 'y' AS t, 1 AS n")
    assert [row["n"] for row in fields_of(opened(tmp_path, "parquet", path="."))] == [None, 1]


def test_a_column_with_two_types_is_refused(tmp_path: Path) -> None:
    make(tmp_path / "a.parquet", "SELECT 'x' AS t")
    make(tmp_path / "b.parquet", "SELECT 1 AS t")
    with pytest.raises(SetupError) as caught:
        opened(tmp_path, "parquet", path=".")
    assert str(caught.value) == (
        "SetupError: the column 't' has another type than in a.parquet\n"
        "  where   b.parquet\n"
        "  got     integer instead of text\n"
        "  next    name one of the files, or write them again with one schema"
    )


@pytest.mark.parametrize("raw", [b"", b"{}\n", b"PAR1" + b"x" * 100])
def test_a_file_that_is_no_parquet_is_said_without_its_folder(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "t.parquet").write_bytes(raw)
    with pytest.raises(SetupError) as caught:
        opened(tmp_path, "parquet", path="t.parquet")
    assert caught.value.what == "the file cannot be read as Parquet"
    assert caught.value.where == "t.parquet"


def test_a_file_damaged_in_its_middle_is_said_and_no_row_of_it_is_invented(tmp_path: Path) -> None:
    rows = [{"text": hex_id(n, length=64)} for n in range(5_000)]
    write_parquet(rows, {"text": "text"}, tmp_path / "t.parquet")
    raw = bytearray((tmp_path / "t.parquet").read_bytes())
    raw[1_000:60_000] = bytes(59_000)
    (tmp_path / "t.parquet").write_bytes(raw)
    with pytest.raises(SetupError) as caught:
        list(opened(tmp_path, "parquet", path="t.parquet").items())
    assert (caught.value.what, caught.value.where) == ("the file cannot be read as Parquet", "t.parquet")


def test_no_rows_are_legal(tmp_path: Path) -> None:
    write_parquet([], {"question": "text", "answer": "text"}, tmp_path / "t.parquet")
    source = opened(tmp_path, "parquet", path="t.parquet")
    assert (list(source.items()), source.size) == ([], 0)
    assert source.columns == {"question": "text", "answer": "text"}


def test_memory_does_not_grow_with_the_number_of_rows(tmp_path: Path) -> None:
    def peak(n_rows: int) -> int:
        make(tmp_path / "t.parquet", f"SELECT i AS n, repeat('あ', 300) AS text FROM range({n_rows}) r(i)")
        source = opened(tmp_path, "parquet", path="t.parquet")
        tracemalloc.start()
        assert sum(1 for _ in source.items()) == n_rows
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(40_000) < 1.5 * peak(4_000)


def test_the_fingerprint_follows_the_contents(tmp_path: Path) -> None:
    make(tmp_path / "t.parquet", "SELECT 'x' AS t")
    first = opened(tmp_path, "parquet", path="t.parquet").fingerprint
    assert opened(tmp_path, "parquet", path=".").fingerprint == first
    (tmp_path / "t.parquet").unlink()
    make(tmp_path / "t.parquet", "SELECT 'y' AS t")
    assert opened(tmp_path, "parquet", path="t.parquet").fingerprint != first
