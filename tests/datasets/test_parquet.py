"""Parquet: declared columns, order, equal bytes, nothing overwritten, nothing lost or changed in silence."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanemaki.core.errors import DataError, SetupError
from tanemaki.core.record import Json, Origin
from tanemaki.datasets.parquet import write_parquet, write_shards
from tanemaki.datasets.spool import ColumnType

EVERY: dict[str, ColumnType] = {
    "id": "text",
    "n": "integer",
    "x": "number",
    "ok": "boolean",
    "tags": "texts",
    "messages": "messages",
    "meta": "json",
    "sources": "origins",
    "lineage": "json",
}
ARROW = {
    "id": "string",
    "n": "int64",
    "x": "double",
    "ok": "bool",
    "tags": "list<element: string>",
    "messages": "list<element: struct<role: string, content: string>>",
    "meta": "string",
    "sources": "list<element: struct<id: string, licence: string, url: string, span: string>>",
    "lineage": "string",
}


def back(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def types(path: Path) -> dict[str, str]:
    return {field.name: str(field.type) for field in pq.read_schema(path)}


def test_every_type_comes_back_as_it_was_given(tmp_path: Path) -> None:
    row = {
        "id": "007",
        "n": -(2**63),
        "x": 0.1,
        "ok": False,
        "tags": ["あ", ""],
        "messages": [{"role": "user", "content": "やあ 😀"}],
        "meta": {"深": [1, None, 10**30, 0.1]},
        "sources": [Origin("a:1", "CC-BY-4.0", "https://example.org/", "chars 1-2"), {"id": "b"}],
        "lineage": {"parents": []},
    }
    assert write_parquet([row], EVERY, tmp_path / "t.parquet") == 1
    assert back(tmp_path / "t.parquet") == [
        {
            **row,
            "meta": '{"深":[1,null,1000000000000000000000000000000,0.1]}',
            "sources": [
                {"id": "a:1", "licence": "CC-BY-4.0", "url": "https://example.org/", "span": "chars 1-2"},
                {"id": "b", "licence": None, "url": None, "span": None},
            ],
            "lineage": '{"parents":[]}',
        }
    ]
    assert types(tmp_path / "t.parquet") == ARROW


@pytest.mark.parametrize(
    "rows", [[], [{}], [dict.fromkeys(EVERY)] * 3], ids=["no rows", "no fields", "nulls"]
)
def test_columns_without_a_value_keep_their_types(tmp_path: Path, rows: list[dict[str, Json]]) -> None:
    assert write_parquet(rows, EVERY, tmp_path / "t.parquet") == len(rows)
    assert types(tmp_path / "t.parquet") == ARROW
    assert back(tmp_path / "t.parquet") == [dict.fromkeys(EVERY)] * len(rows)


def test_rows_stay_in_order_and_no_temporary_file_is_left(tmp_path: Path) -> None:
    write_parquet(({"n": n} for n in range(300_000)), {"n": "integer"}, tmp_path / "t.parquet")
    assert pq.read_table(tmp_path / "t.parquet")["n"].to_pylist() == list(range(300_000))
    assert [path.name for path in tmp_path.iterdir()] == ["t.parquet"]


def test_equal_rows_make_equal_bytes_in_any_folder_and_process(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tanemaki.datasets.parquet import write_parquet\n"
        "rows = [{'id': str(n), 'meta': {'b': n, 'a': [1.5]}, 'messages': [{'role': 'user', 'content': 'あ'*n}]} "
        "for n in range(500)]\n"
        "columns = {'id': 'text', 'meta': 'json', 'messages': 'messages'}\n"
        "write_parquet(rows, columns, Path(sys.argv[1]))"
    )
    contents = set()
    for name in ("a", "another_folder"):
        (tmp_path / name).mkdir()
        path = tmp_path / name / f"{name}.parquet"
        subprocess.run([sys.executable, "-c", program, str(path)], check=True)
        contents.add(path.read_bytes())
    assert len(contents) == 1
    assert str(tmp_path).encode() not in contents.pop()


def test_numbers_that_json_cannot_say_are_kept(tmp_path: Path) -> None:
    values = [math.nan, math.inf, -math.inf, -0.0, 5e-324, 2**53, None]
    write_parquet([{"x": value} for value in values], {"x": "number"}, tmp_path / "t.parquet")
    found = [row["x"] for row in back(tmp_path / "t.parquet")]
    assert [repr(value) for value in found] == [
        "nan",
        "inf",
        "-inf",
        "-0.0",
        "5e-324",
        "9007199254740992.0",
        "None",
    ]


def test_half_a_surrogate_pair_becomes_a_visible_replacement_everywhere(tmp_path: Path) -> None:
    row = {
        "id": "x\ud83dy",
        "tags": ["\udc00"],
        "messages": [{"role": "user", "content": "a\ud800"}],
        "meta": {"k\ud800": "\ud800"},
        "sources": [Origin("\ud800")],
    }
    write_parquet([row], EVERY, tmp_path / "t.parquet")
    (found,) = back(tmp_path / "t.parquet")
    assert (found["id"], found["tags"], found["messages"][0]["content"]) == (
        "x\ufffdy",
        ["\ufffd"],
        "a\ufffd",
    )
    assert (found["meta"], found["sources"][0]["id"]) == ('{"k\ufffd":"\ufffd"}', "\ufffd")


def test_zero_characters_emoji_and_line_ends_come_back(tmp_path: Path) -> None:
    text = "a\0b\r\n\u2028 👨‍👩‍👧 ｶﾞ \x1f \\u0000 \"'"
    write_parquet([{"id": text, "tags": [text]}], EVERY, tmp_path / "t.parquet")
    (found,) = back(tmp_path / "t.parquet")
    assert (found["id"], found["tags"]) == (text, [text])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), max_size=20))
def test_any_texts_come_back(tmp_path: Path, texts: list[str]) -> None:
    write_parquet(
        [{"id": text, "tags": [text]} for text in texts], EVERY, tmp_path / "t.parquet", replace=True
    )
    assert [(row["id"], row["tags"]) for row in back(tmp_path / "t.parquet")] == [
        (text, [text]) for text in texts
    ]


def test_a_huge_text_is_written_whole(tmp_path: Path) -> None:
    text = "漢" * 15_000_000
    write_parquet([{"id": "a"}, {"id": text}, {"id": "b"}], {"id": "text"}, tmp_path / "t.parquet")
    assert [row["id"] for row in back(tmp_path / "t.parquet")] == ["a", text, "b"]


def test_messages_hold_what_the_dataset_uses_and_no_empty_calls(tmp_path: Path) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
    rows: list[dict[str, Json]] = [
        {"m": [{"role": "user", "content": "やあ"}], "n": [{"role": "user", "content": "a", "weight": 0}]},
        {
            "m": [
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "content": "1", "tool_call_id": "c"},
            ]
        },
    ]
    write_parquet(rows, {"m": "messages", "n": "messages"}, tmp_path / "t.parquet")
    first, second = back(tmp_path / "t.parquet")
    assert first["m"] == [{"role": "user", "content": "やあ", "tool_calls": None, "tool_call_id": None}]
    assert first["n"] == [{"role": "user", "content": "a", "extra": '{"weight": 0}'}]
    assert second["m"][0]["tool_calls"] == [call]
    assert second["m"][1]["tool_call_id"] == "c"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"n": "7"}, "column 'n' is declared as integer, but a row has a text instead of an integer"),
        ({"n": 2**63}, "column 'n' is declared as integer, but a row has an integer beyond 64 bits"),
        ({"n": True}, "column 'n' is declared as integer, but a row has true or false instead of an integer"),
        ({"id": 7}, "column 'id' is declared as text, but a row has an integer instead of a text"),
        (
            {"meta": {"a": math.nan}},
            "column 'meta' is declared as json, but a row has nan, which JSON cannot say",
        ),
        (
            {"messages": ["やあ"]},
            "column 'messages' is declared as messages, but a row has a text instead of a message",
        ),
        (
            {"sources": [{"id": "a", "path": "b"}]},
            "column 'sources' holds origins: id, licence, url and span, all texts",
        ),
        (
            {"sources": [{"licence": "MIT"}]},
            "column 'sources' holds origins: id, licence, url and span, all texts",
        ),
        (
            {"sources": [{"id": "a", "licence": 3}]},
            "column 'sources' holds origins: id, licence, url and span, all texts",
        ),
        ({"idd": "a"}, "a row has the field 'idd', which no column holds"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_and_leaves_nothing_behind(
    tmp_path: Path, row: dict[str, Json], what: str
) -> None:
    with pytest.raises(DataError) as caught:
        write_parquet([{"id": "a"}, row], EVERY, tmp_path / "t.parquet")
    assert (caught.value.what, caught.value.where) == (what, "row 1")
    assert list(tmp_path.iterdir()) == []


def test_an_undeclared_field_is_refused_with_the_nearest_column(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        write_parquet([{"mesages": []}], {"id": "text", "messages": "messages"}, tmp_path / "t.parquet")
    assert (caught.value.got, caught.value.next) == ("columns: id, messages", "did you mean 'messages'?")


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ({}, "a dataset needs at least one column"),
        ({"": "text"}, "a column needs a name"),
        ({"a\0": "text"}, "a column needs a name"),
        ({"Answer": "text", "answer": "text"}, "two columns differ only in capital letters"),
    ],
)
def test_columns_that_cannot_be_are_refused(
    tmp_path: Path, columns: Mapping[str, ColumnType], what: str
) -> None:
    with pytest.raises(SetupError) as caught:
        write_parquet([], columns, tmp_path / "t.parquet")
    assert caught.value.what == what


def test_columns_may_be_called_anything(tmp_path: Path) -> None:
    columns: dict[str, ColumnType] = dict.fromkeys(
        ["select", 'a "b"', "質問", "x'y", "a b", "{{ c }}"], "text"
    )
    write_parquet([dict.fromkeys(columns, "あ")], columns, tmp_path / "it's [a].parquet")
    assert back(tmp_path / "it's [a].parquet") == [dict.fromkeys(columns, "あ")]


def test_fault_23_a_file_that_is_there_is_not_overwritten_unless_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    write_parquet([{"id": "first"}], {"id": "text"}, path)
    with pytest.raises(SetupError) as caught:
        write_parquet([{"id": "second"}], {"id": "text"}, path)
    assert caught.value.what == "the file is there already and is not overwritten"
    assert back(path) == [{"id": "first"}]
    write_parquet([{"id": "second"}], {"id": "text"}, path, replace=True)
    assert back(path) == [{"id": "second"}]


def test_fault_23_a_failed_replacement_leaves_the_old_file(tmp_path: Path) -> None:
    write_parquet([{"id": "first"}], {"id": "text"}, tmp_path / "t.parquet")
    with pytest.raises(DataError):
        write_parquet([{"id": 2}], {"id": "text"}, tmp_path / "t.parquet", replace=True)
    assert back(tmp_path / "t.parquet") == [{"id": "first"}]
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("n_rows", [0, 1, 299, 300, 301])
def test_fault_18_shards_hold_every_row_once_and_in_order(tmp_path: Path, n_rows: int) -> None:
    written = write_shards(
        ({"id": f"{n:05}"} for n in range(n_rows)), {"id": "text"}, tmp_path / "data", shard_bytes=1500
    )
    n_shards = max(1, -(-n_rows // 100))
    assert [path.name for path in written.paths] == [
        f"train-{n:05}-of-{n_shards:05}.parquet" for n in range(n_shards)
    ]
    assert written.n_rows == n_rows
    assert [row["id"] for path in written.paths for row in back(path)] == [f"{n:05}" for n in range(n_rows)]
    assert sorted((tmp_path / "data").iterdir()) == list(written.paths)


def test_all_shards_have_one_schema_even_if_only_the_last_uses_tools(tmp_path: Path) -> None:
    rows: list[dict[str, Json]] = [{"m": [{"role": "user", "content": "a" * 100}]}] * 20
    rows.append({"m": [{"role": "tool", "content": "1", "tool_call_id": "c"}]})
    written = write_shards(rows, {"m": "messages"}, tmp_path, shard_bytes=1000)
    assert len(written.paths) > 2
    assert len({str(types(path)) for path in written.paths}) == 1


def test_fault_23_shards_are_replaced_only_when_asked_and_as_a_whole(tmp_path: Path) -> None:
    def rows(name: str, n: int) -> Iterator[dict[str, Json]]:
        return ({"id": f"{name}{at:03}"} for at in range(n))

    write_shards(rows("a", 300), {"id": "text"}, tmp_path, shard_bytes=1300)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(SetupError, match="not overwritten"):
        write_shards(rows("b", 5), {"id": "text"}, tmp_path)
    with pytest.raises(DataError):
        write_shards([{"id": None}, {"id": 3}], {"id": "text"}, tmp_path, replace=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    (tmp_path / ".train-00007.rows").write_text("left by a kill")
    write_shards(rows("b", 5), {"id": "text"}, tmp_path, replace=True)
    assert [path.name for path in tmp_path.iterdir()] == ["train-00000-of-00001.parquet"]


def test_a_folder_that_cannot_be_written_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SetupError) as caught:
        write_shards([{"id": "a"}], {"id": "text"}, tmp_path / "file" / "data")
    assert caught.value.what == "the dataset could not be written; nothing that was there is lost"
    assert "nothing is paid twice" in str(caught.value.next)


def test_a_full_disk_is_one_message_and_leaves_nothing_behind(tmp_path: Path) -> None:
    # a file-size limit is the full disk that a test can have to itself
    program = (
        "import resource, signal, sys; from pathlib import Path\n"
        "import duckdb; from tanemaki.datasets.parquet import write_parquet; from tanemaki.core.errors import SetupError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "try: write_parquet(({'id': str(n) * 50} for n in range(10**5)), {'id': 'text'}, Path(sys.argv[1]))\n"
        "except SetupError as error: print(error.what, '|', error.got)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "t.parquet")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(
        "the dataset could not be written; nothing that was there is lost | [Errno 27]"
    )
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_number_of_rows(tmp_path: Path) -> None:
    program = (
        "import resource, sys; from pathlib import Path; from tanemaki.datasets.parquet import write_parquet\n"
        "rows = ({'id': str(n), 'm': [{'role': 'user', 'content': f'{n} ' * 500}]} for n in range(int(sys.argv[2])))\n"
        "write_parquet(rows, {'id': 'text', 'm': 'messages'}, Path(sys.argv[1]))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )

    def peak_kb(n_rows: int) -> int:
        command = [sys.executable, "-c", program, str(tmp_path / f"{n_rows}.parquet"), str(n_rows)]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    # 60 and 240 MB of rows: what holds them would show
    assert peak_kb(80_000) - peak_kb(20_000) < 50_000


def test_duckdb_reads_what_it_wrote_with_sql(tmp_path: Path) -> None:
    rows = [{"id": "a", "meta": {"score": 4}}, {"id": "b", "meta": {"score": 2}}]
    write_parquet(rows, {"id": "text", "meta": "json"}, tmp_path / "t.parquet")
    query = f"SELECT id FROM '{tmp_path / 't.parquet'}' WHERE (meta::JSON->>'score')::INTEGER > 3"
    assert duckdb.connect().execute(query).fetchall() == [("a",)]


def test_long_rows_are_written_although_they_need_more_memory(tmp_path: Path) -> None:
    rows = [{"id": str(n), "text": f"{n}：種をまく。" * 25_000} for n in range(120)]
    assert write_parquet(rows, {"id": "text", "text": "text"}, tmp_path / "t.parquet") == 120
    read = pq.read_table(tmp_path / "t.parquet")["text"].to_pylist()
    assert read == [row["text"] for row in rows]
