"""JSON lines: values as they are, bad lines reported, places and fingerprints."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from support.sources import bad_of, fields_of, opened, write_lines
from tanemaki.core.errors import SetupError
from tanemaki.core.record import Origin
from tanemaki.core.source import BadItem, Item


def test_values_stay_what_they_are(tmp_path: Path) -> None:
    row = {
        "passage_id": "007",
        "zip": "０６０-0001",
        "text": "ｶﾞｷﾞ 😀👨‍👩‍👧 \u2028 終わり",
        "big": 123456789012345678901234567890,
        "nested": {"a": [1, None, {"b": "c"}]},
        "nothing": None,
        "list": ["あ", ""],
    }
    write_lines(tmp_path / "rows.jsonl", [row])
    source = opened(tmp_path, "jsonl", path="rows.jsonl")
    assert fields_of(source) == [row]
    assert source.columns == {
        "text": "text",
        "passage_id": "text",
        "zip": "text",
        "big": "json",
        "nested": "json",
        "nothing": "json",
        "list": "texts",
    }


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b'{"text": "a"', "not JSON: "),
        (b"[1, 2]", "not an object, but a list"),
        (b'"text"', "not an object, but a text"),
        (b"null", "not an object, but null"),
        (b"7", "not an object, but a number"),
        (b'{"text": NaN}', "not JSON: "),
        (b'{"text": "\xff\xfe"}', "not JSON: "),
        (b'{"text": "\\ud83d"}', "not JSON: "),
        (b'{"text": "a"} {"text": "b"}', "not JSON: "),
        (b'{"text": "a", "late": 1}', "the column 'late' is not among those of the first rows"),
    ],
)
def test_a_bad_line_is_reported_with_its_place_and_the_others_are_read(
    tmp_path: Path, line: bytes, told: str
) -> None:
    good = [{"text": f"文{n}"} for n in range(10_000)]
    write_lines(tmp_path / "rows.jsonl", [*good, line, {"text": "後"}])
    source = opened(tmp_path, "jsonl", path="rows.jsonl")
    (bad,) = bad_of(source)
    assert bad.where == "rows.jsonl:10001"
    assert bad.message.startswith(told)
    assert bad.raw[:6] == line.decode("utf-8", "replace")[:6]
    assert fields_of(source, start=10_000) == [{"text": "後"}]


def test_a_value_of_another_type_than_in_the_first_rows_is_reported(tmp_path: Path) -> None:
    write_lines(tmp_path / "rows.jsonl", [*({"n": n} for n in range(10_000)), {"n": "七"}])
    (bad,) = bad_of(opened(tmp_path, "jsonl", path="rows.jsonl"))
    assert (bad.where, bad.message) == (
        "rows.jsonl:10001",
        "column 'n' has a text instead of an integer, got '七'",
    )


def test_fault_18_every_line_is_an_item_or_a_bad_item(tmp_path: Path) -> None:
    lines = [{"text": "a"} if n % 7 else b"{broken" for n in range(301)]
    write_lines(tmp_path / "rows.jsonl", lines)
    source = opened(tmp_path, "jsonl", path="rows.jsonl")
    items = list(source.items())
    assert len(items) == source.size == 301
    assert sum(isinstance(item, BadItem) for item in items) == 43


def test_starting_anywhere_gives_the_same_items(tmp_path: Path) -> None:
    write_lines(tmp_path / "rows.jsonl", [{"text": str(n)} if n % 3 else b"x" for n in range(20)])
    source = opened(tmp_path, "jsonl", path="rows.jsonl")
    everything = list(source.items())
    for start in range(22):
        assert list(source.items(start)) == everything[start:]


def test_origins_name_file_and_line_and_no_folder(tmp_path: Path) -> None:
    (tmp_path / "geheim").mkdir()
    write_lines(tmp_path / "geheim" / "rows.jsonl", [b"", {"text": "a"}])
    source = opened(tmp_path, "jsonl", path="geheim/rows.jsonl", licence="CC-BY-4.0")
    (item,) = source.items()
    assert isinstance(item, Item)
    assert item.sources == (Origin("rows.jsonl:2", "CC-BY-4.0"),)


def test_a_licence_is_never_guessed(tmp_path: Path) -> None:
    write_lines(tmp_path / "rows.jsonl", [{"text": "a", "license": "mit"}])
    (item,) = opened(tmp_path, "jsonl", path="rows.jsonl").items()
    assert isinstance(item, Item)
    assert item.sources[0].licence is None


def test_an_address_and_a_licence_of_a_rows_own_are_told_of_its_origin(tmp_path: Path) -> None:
    row = {"text": "a", "url": "https://example.com/a", "license": "CC-BY-4.0"}
    write_lines(tmp_path / "rows.jsonl", [row, {"text": "b", "url": "", "license": None}])
    source = opened(tmp_path, "jsonl", path="rows.jsonl", licence="MIT", map={"licence": "license"})
    first, second = (item.sources[0] for item in source.items() if isinstance(item, Item))
    assert (first.url, first.licence) == ("https://example.com/a", "CC-BY-4.0")
    assert (second.url, second.licence) == (None, "MIT")


def test_byte_order_mark_crlf_blank_lines_and_a_missing_last_line_end(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "a"}\r\n\r\n   \r\n{"text": "b"}')
    source = opened(tmp_path, "jsonl", path="rows.jsonl")
    assert fields_of(source) == [{"text": "a"}, {"text": "b"}]
    assert source.size == 2


def test_an_empty_file_is_legal(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes(b"")
    source = opened(tmp_path, "jsonl", path="rows.jsonl", shape="qa", map={"question": "q"})
    assert (list(source.items()), source.size, dict(source.columns)) == ([], 0, {})


def test_a_very_long_line_is_read_whole(tmp_path: Path) -> None:
    text = "あ" * 5_000_000
    write_lines(tmp_path / "rows.jsonl", [{"text": text}])
    (fields,) = fields_of(opened(tmp_path, "jsonl", path="rows.jsonl"))
    assert fields["text"] == text


def test_a_packed_file_reads_as_its_contents(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress('{"text": "圧縮"}\n'.encode()))
    source = opened(tmp_path, "jsonl", path="rows.jsonl.gz")
    assert fields_of(source) == [{"text": "圧縮"}]
    assert source.size == 1


def test_a_list_in_a_json_file_is_read_as_rows(tmp_path: Path) -> None:
    rows = [{"instruction": "訳せ", "input": "犬", "output": "dog"}, "壊れた行"]
    (tmp_path / "alpaca.json").write_text(json.dumps(rows, ensure_ascii=False, indent=2))
    source = opened(tmp_path, "jsonl", path="alpaca.json")
    assert fields_of(source) == [rows[0]]
    assert [(bad.where, bad.message) for bad in bad_of(source)] == [
        ("alpaca.json:2", "not an object, but a text")
    ]
    assert source.size is None


def test_a_broken_list_in_a_json_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "alpaca.json").write_text('[{"a": 1},')
    with pytest.raises(SetupError, match="begins as a JSON list, but is not one"):
        opened(tmp_path, "jsonl", path="alpaca.json")


def test_the_files_of_a_folder_and_of_a_glob_come_in_sorted_order(tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    for name in ("b.jsonl", "a.jsonl", "part/c.jsonl"):
        write_lines(tmp_path / name, [{"text": name}])
    (tmp_path / "notes.txt").write_text("not data")
    (tmp_path / ".hidden.jsonl").write_text('{"text": "hidden"}')
    texts = [row["text"] for row in fields_of(opened(tmp_path, "jsonl", path="."))]
    assert texts == ["a.jsonl", "b.jsonl", "part/c.jsonl"]
    assert [row["text"] for row in fields_of(opened(tmp_path, "jsonl", path="[ab].jsonl"))] == [
        "a.jsonl",
        "b.jsonl",
    ]
    assert len(fields_of(opened(tmp_path, "jsonl", path="**/*.jsonl"))) == 3


def test_a_file_with_brackets_in_its_name_is_that_file(tmp_path: Path) -> None:
    write_lines(tmp_path / "[draft].jsonl", [{"text": "草稿"}])
    assert fields_of(opened(tmp_path, "jsonl", path="[draft].jsonl")) == [{"text": "草稿"}]


def test_the_fingerprint_follows_contents_names_and_settings_alone(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "rows.jsonl", [{"question": "a", "answer": "b"}])
    first = opened(tmp_path, "jsonl", path="rows.jsonl").fingerprint
    os.utime(path, (1, 1))
    assert opened(tmp_path.parent, "jsonl", path=f"{tmp_path.name}/rows.jsonl").fingerprint == first
    others = {
        opened(tmp_path, "jsonl", path="rows.jsonl", licence="MIT").fingerprint,
        opened(tmp_path, "jsonl", path="rows.jsonl", map={"topic": "answer"}).fingerprint,
        opened(tmp_path, "jsonl", path="rows.jsonl", shape="qa", map={"answer": "question"}).fingerprint,
        opened(tmp_path, "csv", path="rows.jsonl").fingerprint,
    }
    write_lines(path, [{"question": "a", "answer": "c"}])
    others.add(opened(tmp_path, "jsonl", path="rows.jsonl").fingerprint)
    assert len(others) == 5
    assert first not in others
