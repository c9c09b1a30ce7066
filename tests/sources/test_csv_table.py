"""CSV: every cell a text, bad rows reported."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from support.sources import bad_of, fields_of, opened
from tanemaki.core.errors import SetupError


def write(path: Path, text: str | bytes) -> None:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_every_cell_is_a_text_and_nothing_is_guessed(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", "番号,値,空,日付\n007,1e3,,2024-04-01\n０１,NaN,NA,true\n")
    source = opened(tmp_path, "csv", path="t.csv")
    assert set(source.columns.values()) == {"text"}
    assert fields_of(source) == [
        {"番号": "007", "値": "1e3", "空": "", "日付": "2024-04-01"},
        {"番号": "０１", "値": "NaN", "空": "NA", "日付": "true"},
    ]


def test_quotes_line_ends_in_cells_crlf_and_byte_order_mark(tmp_path: Path) -> None:
    write(
        tmp_path / "t.csv",
        '\ufeffquestion,answer\r\n"一行目\r\n二行目","彼は""はい""と言った, 😀"\r\n\r\nb,c\r\n',
    )
    assert fields_of(opened(tmp_path, "csv", path="t.csv")) == [
        {"question": "一行目\r\n二行目", "answer": '彼は"はい"と言った, 😀'},
        {"question": "b", "answer": "c"},
    ]


@pytest.mark.parametrize(("name", "mark"), [("t.tsv", "\t"), ("t.csv", ";"), ("t.csv", ","), ("t.csv", "\t")])
def test_the_header_line_tells_what_separates_cells(tmp_path: Path, name: str, mark: str) -> None:
    write(
        tmp_path / name,
        f"question{mark}answer\na, b; c{mark}d\n" if mark == "\t" else f"question{mark}answer\na{mark}d\n",
    )
    (row,) = fields_of(opened(tmp_path, "csv", path=name))
    assert row["answer"] == "d"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"a,b,c", "3 cells where the header has 2"),
        (b"a", "1 cells where the header has 2"),
        (b"a,\x82\xa0", "not UTF-8"),
        (b'a,"b"c', "not CSV: "),
    ],
)
def test_a_bad_row_is_reported_with_its_line_and_the_others_are_read(
    tmp_path: Path, line: bytes, told: str
) -> None:
    write(tmp_path / "t.csv", b"question,answer\nq1,a1\n" + line + b"\nq2,a2\n")
    source = opened(tmp_path, "csv", path="t.csv")
    (bad,) = bad_of(source)
    assert bad.where == "t.csv:3"
    assert bad.message.startswith(told)
    assert [row["question"] for row in fields_of(source)] == ["q1", "q2"]


def test_a_quote_that_never_ends_is_one_bad_row(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", 'question,answer\nq1,a1\nq2,"a2\nq3,a3\n')
    source = opened(tmp_path, "csv", path="t.csv")
    (bad,) = bad_of(source)
    assert bad.message == "not CSV: unexpected end of data"
    assert [row["question"] for row in fields_of(source)] == ["q1"]


def test_a_cell_longer_than_the_modules_own_limit_is_read(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", "text\n" + "あ" * 200_000 + "\n")
    (row,) = fields_of(opened(tmp_path, "csv", path="t.csv"))
    assert len(row["text"]) == 200_000


def test_messages_in_a_cell_are_read_from_their_json_and_the_cell_is_kept(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", 'messages\n"[{""role"": ""user"", ""content"": ""やあ""}]"\n')
    source = opened(tmp_path, "csv", path="t.csv")
    assert source.columns == {"messages": "messages", "source_messages": "text"}
    (row,) = fields_of(source)
    assert row["messages"] == [{"role": "user", "content": "やあ"}]
    assert row["source_messages"] == '[{"role": "user", "content": "やあ"}]'


def test_files_with_other_columns_are_null_where_they_lack_one(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "題,年\n葛,1905\n")
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress("題,国\n桜,日本\n".encode()))
    assert fields_of(opened(tmp_path, "csv", path=".")) == [
        {"題": "葛", "年": "1905", "国": None},
        {"題": "桜", "年": None, "国": "日本"},
    ]


def test_columns_without_a_name_are_counted(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", "題,\n葛,x\n")
    assert fields_of(opened(tmp_path, "csv", path="t.csv")) == [{"題": "葛", "column_2": "x"}]


@pytest.mark.parametrize("text", ["", "question,answer\n"])
def test_an_empty_table_is_legal(tmp_path: Path, text: str) -> None:
    write(tmp_path / "t.csv", text)
    assert list(opened(tmp_path, "csv", path="t.csv").items()) == []


def test_starting_anywhere_gives_the_same_items(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", "a,b\n" + "".join(f"{n},x\n" if n % 3 else "short\n" for n in range(10)))
    source = opened(tmp_path, "csv", path="t.csv")
    everything = list(source.items())
    assert [list(source.items(start)) for start in range(12)] == [everything[start:] for start in range(12)]


@pytest.mark.parametrize(
    ("raw", "told", "advice"),
    [
        ("質問,回答\n".encode("cp932"), "the header line is not UTF-8", "iconv -f cp932 -t utf-8"),
        ("a,b\n".encode("utf-16"), "the file is not UTF-8 text", "save it as UTF-8"),
        (b"PK\x03\x04xlsx", "the file is not UTF-8 text", "save it as UTF-8"),
        (b"PAR1....", "the file is Parquet", "kind: parquet"),
        (b"a,b,a\n1,2,3\n", "two columns have the same name", "rename one"),
    ],
)
def test_a_table_that_cannot_be_read_at_all_is_a_matter_of_set_up(
    tmp_path: Path, raw: bytes, told: str, advice: str
) -> None:
    write(tmp_path / "t.csv", raw)
    with pytest.raises(SetupError) as caught:
        opened(tmp_path, "csv", path="t.csv")
    assert caught.value.what == told
    assert advice in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
